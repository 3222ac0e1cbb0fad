#include "fixtures.hpp"

#include <gtest/gtest.h>
#include <motcua/core/understand/understander.hpp>

#include <string>
#include <vector>

namespace motcua::understand {
namespace {

class Understander : public testing::Test
{
protected:
    static const std::string& file()
    {
        static const std::string bytes = train(
                                             {{"lệ phí bao nhiêu", "fee"},
                                              {"làm giấy tốn bao nhiêu tiền", "fee"},
                                              {"có mất phí không ạ", "fee"},
                                              {"cần giấy tờ gì", "required_documents"},
                                              {"hồ sơ gồm những giấy tờ nào", "required_documents"},
                                              {"phải chuẩn bị những gì", "required_documents"}},
                                             {},
                                             {})
                                             .value();
        return bytes;
    }

    const understander all{language_model::load(file()).value(), real_names(), some_synonyms()};
};

TEST_F(Understander, TellsWhatFromWhich)
{
    const understood found = all.understand("đăng ký kết hôn lệ phí bao nhiêu ạ");
    EXPECT_EQ(found.intents.front().intent, "fee");
    ASSERT_FALSE(found.procedures.hits.empty());
    EXPECT_EQ(found.procedures.hits.front().code, "1.000894");
}

TEST_F(Understander, SpellsWithTheDocumentsWords)
{
    const understood found = all.understand("dang ky kkhai tuwr can giay to gi");
    EXPECT_EQ(found.intents.front().intent, "required_documents");
    ASSERT_FALSE(found.procedures.hits.empty());
    EXPECT_EQ(found.procedures.hits.front().code, "1.000656");
}

TEST_F(Understander, AcceptsAnyBytes)
{
    for (const std::string& raw :
         {std::string(),
          std::string("\xff\xfe\x80"),
          std::string(100, '\0'),
          std::string(9000, 'a'),
          std::string("\xcc\x81\xcc\x81"),
          std::string("12345678901234567890")}) {
        const understood found = all.understand(raw);
        EXPECT_FALSE(found.intents.empty());
    }
}

TEST_F(Understander, StaysValidWhenMoved)
{
    understander first(language_model::load(file()).value(), real_names(), some_synonyms());
    const understander second = std::move(first);
    EXPECT_EQ(second.understand("đăng ký kết hôn").procedures.hits.front().code, "1.000894");
    EXPECT_EQ(second.index().size(), real_names().size());
}

} // namespace
} // namespace motcua::understand
