#include <fuzz/targets.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

// Mutations of our own seeds and words, the same ones every time. MOTCUA_FUZZ_RUNS says how many
// per target, MOTCUA_SEED where they begin.
namespace motcua::fuzz {
namespace {

namespace fs = std::filesystem;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise)
{
    const auto* const given = std::getenv(variable); // NOLINT(concurrency-mt-unsafe)
    return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

std::string bytes_of(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> seeds_of(const fs::path& folder)
{
    std::vector<fs::path> files;
    for (const auto& each : fs::directory_iterator(folder))
        files.push_back(each.path());
    std::ranges::sort(files);
    std::vector<std::string> seeds;
    for (const auto& file : files)
        seeds.push_back(bytes_of(file));
    return seeds;
}

// libFuzzer's format: a quoted word per line, with \xAB.
std::vector<std::string> words_of(const fs::path& dictionary)
{
    std::vector<std::string> words;
    std::ifstream in(dictionary);
    for (std::string line; std::getline(in, line);) {
        const auto first = line.find('"');
        const auto last = line.rfind('"');
        if (line.starts_with('#') || first == last)
            continue;
        std::string word;
        for (auto at = first + 1; at < last; ++at) {
            if (line[at] != '\\') {
                word += line[at];
            } else if (line[at + 1] == 'x') {
                word += static_cast<char>(std::stoi(line.substr(at + 2, 2), nullptr, 16));
                at += 3;
            } else {
                word += line[++at];
            }
        }
        words.push_back(std::move(word));
    }
    return words;
}

class mutator
{
public:
    mutator(const fs::path& folder, std::string_view target, std::uint64_t seed)
        : seeds_(seeds_of(folder / "seeds" / target)),
          words_(words_of(folder / (std::string(target) + ".dict"))), random_(seed)
    {
    }

    std::string next()
    {
        auto text = seeds_.at(below(seeds_.size()));
        for (auto changes = below(6); changes > 0; --changes)
            change(text);
        return text;
    }

private:
    std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }
    char byte() { return static_cast<char>(random_()); }

    void change(std::string& text)
    {
        constexpr std::size_t longest = 32'768;
        const auto at = below(text.size() + 1);
        const auto length = below(std::min<std::size_t>(text.size() - at, 64) + 1);
        switch (below(8)) {
        case 0:
            if (at < text.size())
                text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
            break;
        case 1:
            text.insert(at, 1 + below(4), byte());
            break;
        case 2:
            text.erase(at, length);
            break;
        case 3:
            text.insert(below(text.size() + 1), text.substr(at, length));
            break;
        case 4:
        case 5:
            if (!words_.empty())
                text.insert(at, words_[below(words_.size())]);
            break;
        case 6: {
            const auto& other = seeds_[below(seeds_.size())];
            text = text.substr(0, at) + other.substr(below(other.size() + 1));
            break;
        }
        default:
            for (auto many = below(9); many > 0 && text.size() < longest && length > 0; --many)
                text.insert(at, text.substr(at, length));
        }
        if (text.size() > longest)
            text.resize(longest);
    }

    std::vector<std::string> seeds_;
    std::vector<std::string> words_;
    std::mt19937_64 random_;
};

// Left behind for whoever looks for the input that crashed.
void note(const std::string& input, const target& which)
{
    if (const auto* const folder = std::getenv("MOTCUA_FUZZ_LAST")) // NOLINT(concurrency-mt-unsafe)
        std::ofstream(fs::path(folder) / which.name, std::ios::binary) << input;
}

class Fuzz : public testing::TestWithParam<target>
{
};

TEST_P(Fuzz, NothingHarmsIt)
{
    const auto& which = GetParam();
    const fs::path folder = fs::path(MOTCUA_SOURCE_DIR) / "tests/fuzz";
    const auto runs = number_from("MOTCUA_FUZZ_RUNS", 1500);
    const auto begin = number_from("MOTCUA_SEED", 1);
    mutator inputs(folder, which.name, begin);
    for (std::uint64_t run = 0; run < runs; ++run) {
        const auto input = inputs.next();
        note(input, which);
        const auto start = std::chrono::steady_clock::now();
        try {
            which.run(input);
        } catch (const std::exception& failure) {
            FAIL() << "run " << run << ": " << failure.what() << "\n"
                   << testing::PrintToString(input);
        }
        ASSERT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5))
            << "run " << run << "\n"
            << testing::PrintToString(input.substr(0, 2000));
    }
}

std::string name_of(const testing::TestParamInfo<target>& info)
{
    return std::string(info.param.name);
}

INSTANTIATE_TEST_SUITE_P(All, Fuzz, testing::ValuesIn(all_targets), name_of);

} // namespace
} // namespace motcua::fuzz
