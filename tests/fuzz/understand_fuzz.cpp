// A libFuzzer target (clang++ -fsanitize=fuzzer) over everything that reads what a citizen typed;
// tests/core/understand/fuzz_test.cpp runs the same function over a fixed set of inputs.
#include <motcua/core/understand/gazetteer.hpp>
#include <motcua/core/understand/search.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace motcua;

struct subject
{
    text::normaliser words;
    understand::procedure_index index;
    understand::gazetteer places;
};

const subject& whole()
{
    static const subject made = [] {
        std::vector<understand::search_document> documents(4);
        documents[0].name = "Đăng ký khai sinh";
        documents[1].name = "Cấp lại thẻ căn cước (thực hiện tại cấp tỉnh)";
        documents[2].name = "Đổi giấy phép lái xe";
        documents[3].name = "Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ";
        text::lexicon lexicon;
        for (std::size_t i = 0; i < documents.size(); ++i) {
            documents[i].code = "1.00000" + std::to_string(i);
            lexicon.vocabulary.push_back(documents[i].name);
        }
        text::normaliser words(std::move(lexicon));
        understand::procedure_index index(
            documents,
            {{"bằng lái", "giấy phép lái xe", 0.9, false},
             {"mất giấy tờ tùy thân", "cấp lại thẻ căn cước", 0.8, false}},
            words);
        understand::commune commune;
        commune.code = "25477";
        commune.name = "Xã Hòa Thành";
        return subject{
            std::move(words), std::move(index), understand::gazetteer({std::move(commune)})};
    }();
    return made;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string input(data, data + size);
    const auto message = whole().words.normalise(input);
    const auto found = whole().index.search(message);
    double before = 1;
    for (const auto& hit : found.hits) {
        if (!(hit.score >= 0 && hit.score <= before))
            __builtin_trap();
        before = hit.score;
    }
    (void)whole().places.find(message);
    return 0;
}
