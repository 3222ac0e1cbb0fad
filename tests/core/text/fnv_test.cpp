#include <gtest/gtest.h>
#include <motcua/core/text/fnv.hpp>

namespace motcua::text {
namespace {

TEST(Fnv, HasThePublishedValues)
{
    // draft-eastlake-fnv, appendix C.
    EXPECT_EQ(fnv(""), 0xcbf29ce484222325ULL);
    EXPECT_EQ(fnv("a"), 0xaf63dc4c8601ec8cULL);
    EXPECT_EQ(fnv("foobar"), 0x85944171f73967e8ULL);
}

} // namespace
} // namespace motcua::text
