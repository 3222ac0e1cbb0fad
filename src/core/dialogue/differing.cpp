#include "differing.hpp"

#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <cctype>

namespace motcua::dialogue {
namespace {

struct marker
{
    std::string_view words; // folded; N stands for a number
    std::string_view phrase;
};

struct attribute
{
    std::string_view question;
    std::string_view otherwise; // of a name without a marker; empty: such a name has no value
    std::span<const marker> markers;
};

// Longer ones before those they begin with.
constexpr std::array<marker, 21> actions{{
    {"xoa dang ky", "attribute.remove"},
    {"dang ky lai", "attribute.reissue"},
    {"dang ky thay doi", "attribute.amend"},
    {"dang ky", "attribute.first"},
    {"cap lai", "attribute.reissue"},
    {"cap doi", "attribute.exchange"},
    {"cap dieu chinh", "attribute.amend"},
    {"cap sua doi bo sung", "attribute.amend"},
    {"cap gia han", "attribute.renew"},
    {"cap moi", "attribute.first"},
    {"cap", "attribute.first"},
    {"doi", "attribute.exchange"},
    {"gia han", "attribute.renew"},
    {"thay doi", "attribute.amend"},
    {"sua doi bo sung", "attribute.amend"},
    {"dieu chinh", "attribute.amend"},
    {"thu hoi", "attribute.remove"},
    {"xoa", "attribute.remove"},
    {"cham dut", "attribute.terminate"},
    {"tam ngung", "attribute.suspend"},
    {"giai the", "attribute.terminate"},
}};
constexpr std::array<marker, 2> foreign{{
    {"co yeu to nuoc ngoai", "attribute.foreign"},
    {"trong nuoc", "attribute.domestic"},
}};
constexpr std::array<marker, 3> ages{{
    {"cho nguoi duoi N tuoi", "attribute.under"},
    {"cho nguoi tu du N tuoi tro len", "attribute.over"},
    {"cho tre em duoi N tuoi", "attribute.under"},
}};
constexpr std::array<marker, 9> levels{{
    {"thuc hien tai cap xa", "attribute.commune"},
    {"thuc hien tai cap tinh", "attribute.province"},
    {"thuc hien tai cap trung uong", "attribute.ministry"},
    {"thuc hien o cap xa", "attribute.commune"},
    {"thuc hien o cap tinh", "attribute.province"},
    {"cap xa", "attribute.commune"},
    {"cap tinh", "attribute.province"},
    {"cap trung uong", "attribute.ministry"},
    {"cap bo", "attribute.ministry"},
}};
constexpr std::array<attribute, 4> attributes{{
    {"ask_attribute.action", {}, actions},
    {"ask_attribute.foreign", "attribute.domestic", foreign},
    {"ask_attribute.age", {}, ages},
    {"ask_attribute.level", {}, levels},
}};

std::vector<std::string> folded_words(std::string_view name)
{
    std::vector<std::string> words;
    bool gap = true;
    for (const char letter : text::fold(name)) {
        const auto byte = static_cast<unsigned char>(letter);
        const bool keeps = byte >= 0x80 || std::isalnum(byte) != 0;
        if (keeps && gap)
            words.emplace_back();
        if (keeps)
            words.back() += letter;
        gap = !keeps;
    }
    return words;
}

bool is_number(std::string_view word)
{
    return std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

struct reading
{
    std::vector<std::string> rest; // the name without the marker
    std::string_view phrase;       // empty: no value
    std::string number;

    bool same_value(const reading& other) const
    {
        return phrase == other.phrase && number == other.number;
    }
};

// The length of the marker in words if it stands there, else 0.
std::size_t stands_at(
    const std::vector<std::string>& words,
    std::size_t at,
    std::string_view marker,
    std::string& number)
{
    std::size_t length = 0;
    while (!marker.empty()) {
        const std::size_t end = std::min(marker.find(' '), marker.size());
        const std::string_view wanted = marker.substr(0, end);
        if (at + length == words.size())
            return 0;
        const std::string& word = words[at + length];
        if (wanted == "N" ? !is_number(word) : word != wanted)
            return 0;
        if (wanted == "N")
            number = word;
        ++length;
        marker.remove_prefix(std::min(end + 1, marker.size()));
    }
    return length;
}

reading read(const procedures::procedure& record, const attribute& of)
{
    reading made{.rest = folded_words(record.name), .phrase = of.otherwise, .number = {}};
    // What is done stands at the beginning of the name, everything else anywhere.
    const std::size_t last = of.markers.data() == actions.data() ? 1 : made.rest.size();
    for (std::size_t at = 0; at < std::min(last, made.rest.size()); ++at)
        for (const marker& one : of.markers) {
            std::string number;
            const std::size_t length = stands_at(made.rest, at, one.words, number);
            if (length == 0)
                continue;
            made.phrase = one.phrase;
            made.number = std::move(number);
            const auto begin = made.rest.begin() + static_cast<std::ptrdiff_t>(at);
            made.rest.erase(begin, begin + static_cast<std::ptrdiff_t>(length));
            return made;
        }
    return made;
}

} // namespace

std::optional<attribute_question>
differing_attribute(std::span<const procedures::procedure* const> records)
{
    if (records.size() < 2)
        return std::nullopt;
    for (const attribute& one : attributes) {
        const reading first = read(*records[0], one);
        if (first.phrase.empty())
            continue;
        attribute_question question{.phrase = one.question, .values = {}};
        std::vector<reading> taken;
        for (const procedures::procedure* record : records) {
            reading here = read(*record, one);
            if (here.rest != first.rest || here.phrase.empty() ||
                std::ranges::any_of(
                    taken, [&here](const reading& other) { return other.same_value(here); }))
                continue;
            question.values.push_back({record, here.phrase, here.number});
            taken.push_back(std::move(here));
        }
        if (question.values.size() > 1 && question.values[1].record == records[1])
            return question;
    }
    return std::nullopt;
}

} // namespace motcua::dialogue
