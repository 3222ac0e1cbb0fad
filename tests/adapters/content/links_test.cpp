#include "links.hpp"

#include <gtest/gtest.h>

namespace motcua::content {
namespace {

TEST(HttpsLink, FullHostIsALink)
{
    for (const char* link :
         {"https://dichvucong.gov.vn",
          "https://dichvucong.gov.vn/",
          "https://a.vn:8443/x?y=1#z",
          "https://a.vn?q=%C4%91"})
        EXPECT_TRUE(is_https_link(link)) << link;
}

TEST(HttpsLink, AnythingElseIsNone)
{
    for (const char* link :
         {"",
          "https://",
          "http://a.vn",
          "https://localhost",
          "https://.vn",
          "https://a.",
          "https:///x",
          "https://a..vn",
          "https://a.vn:",
          "https://a.vn:x",
          "https://a.vn:123456",
          "https://user@a.vn",
          "https://a.vn/một",
          "https://a.vn/x y",
          "https://a.vn/\"",
          "https://a.vn\n",
          "HTTPS//a.vn"})
        EXPECT_FALSE(is_https_link(link)) << link;
}

} // namespace
} // namespace motcua::content
