#pragma once

#include <motcua/adapters/content/content.hpp>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>

namespace motcua {

inline void PrintTo(const finding& value, std::ostream* out)
{
    *out << value.file << ':' << value.line << ": " << value.message;
}

} // namespace motcua

namespace motcua::content {

// A directory of its own that goes away with the test.
class content_directory
{
public:
    content_directory()
    {
        static std::atomic<int> count{0};
        root_ = std::filesystem::temp_directory_path() /
                ("motcua_content_" + std::to_string(::getpid()) + "_" + std::to_string(++count));
        std::filesystem::create_directories(root_);
    }
    ~content_directory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(root_, ignored);
    }
    content_directory(const content_directory&) = delete;
    content_directory& operator=(const content_directory&) = delete;

    void write(const std::filesystem::path& name, const std::string& text) const
    {
        std::filesystem::create_directories((root_ / name).parent_path());
        std::ofstream(root_ / name, std::ios::binary) << text;
    }
    void remove(const std::filesystem::path& name) const { std::filesystem::remove(root_ / name); }

    std::filesystem::path intents() const { return root_ / "intents"; }
    std::filesystem::path data() const { return root_ / "data"; }

    // A small content without a fault.
    void write_sound_content() const
    {
        write("intents/understand/greeting.yml", intent_file("greeting", "xin chào"));
        write("intents/understand/fee.yml", intent_file("fee", "lệ phí bao nhiêu"));
        write("intents/out_of_scope.yml", intent_file("out_of_scope", "thời tiết ngày"));
        write(
            "intents/synonyms.yml",
            "synonyms:\n  - {from: sổ hộ khẩu, to: thường trú}\n"
            "  - {from: báo tử, to: khai tử, weight: 0.7, both_ways: true}\n");
        write(
            "intents/abbreviations.yml",
            "abbreviations:\n  - {short: cccd, means: căn cước công dân}\n"
            "  - {short: hk, means: hộ khẩu, context: [nhập, tách]}\n");
        write("intents/loanwords.txt", "# words of other languages\ntest\nzalo # the app\n");
        write("intents/procedures_aliases.yml", "aliases:\n  \"1.001193\": [làm giấy khai sinh]\n");
        std::string phrases = "phrases:\n";
        for (const auto key : dialogue::phrases::required_keys())
            phrases += "  " + std::string(key) + ": một câu nói\n";
        write("intents/say/phrases.yml", phrases);
        write("intents/say/answers.yml", sound_answers);
        write(
            "data/communes.yml",
            "communes:\n  - code: \"25459\"\n    name: phường Tân Ninh\n    former:\n"
            "      - {name: phường Hiệp Ninh, district: thành phố Tây Ninh}\n"
            "    aliases: [tp Tây Ninh]\n"
            "    centre: {name: Trung tâm Phục vụ hành chính công phường Tân Ninh}\n");
        write(
            "data/fields.yml",
            "fields:\n  - {id: ho-tich, title: Hộ tịch, codes: [\"1.001193\"]}\n");
        write(
            "data/province.yml",
            "province:\n  name: Tây Ninh\n  portal_url: https://dichvucong.gov.vn\n"
            "  silence_after_person_minutes: 45\n  provincial_centre:\n    name: Trung tâm tỉnh\n");
        for (const auto* name :
             {"complaint-workflow.yml", "calendar.yml", "complaint-categories.yml"})
            std::filesystem::copy_file(
                std::filesystem::path(MOTCUA_SOURCE_DIR) / "data" / name, data() / name);
    }

    static std::string intent_file(const std::string& intent, const std::string& stem)
    {
        std::string text = "intent: " + intent + "\ntitle: Một ý định\nexamples:\n";
        for (int i = 1; i <= 20; ++i)
            text += "  - " + stem + " " + std::to_string(i) + "\n";
        return text;
    }

    static constexpr const char* sound_answers =
        "main_menu:\n  - {title: Lĩnh vực, payload: \"#fields\"}\n"
        "answers:\n  - intent: greeting\n    outcome: greeting\n    text: Xin chào anh/chị.\n"
        "    buttons:\n      - {title: Khai sinh, payload: \"#procedure:1.001193:fee:2\"}\n";

private:
    std::filesystem::path root_;
};

inline procedures::catalogue catalogue_of(const std::string& code)
{
    procedures::procedure record;
    record.code = code;
    record.name = "Đăng ký khai sinh";
    return procedures::catalogue({record});
}

} // namespace motcua::content
