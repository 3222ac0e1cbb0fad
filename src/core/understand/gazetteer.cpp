#include "letters.hpp"
#include "phrases.hpp"

#include <motcua/core/text/unicode.hpp>
#include <motcua/core/understand/gazetteer.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

namespace motcua::understand {

namespace {

enum class unit_kind : std::uint8_t
{
    unknown,
    commune,  // xã
    ward,     // phường
    township, // thị trấn
    district  // huyện, thị xã, thành phố
};

struct unit_prefix
{
    std::string_view words; // lower-case, accented
    unit_kind kind;
};

// How the kind of unit is written before a name, in full and in short.
constexpr std::array<unit_prefix, 15> unit_prefixes{{
    {"xã", unit_kind::commune},
    {"x", unit_kind::commune},
    {"phường", unit_kind::ward},
    {"phuong", unit_kind::ward},
    {"p", unit_kind::ward},
    {"f", unit_kind::ward},
    {"thị trấn", unit_kind::township},
    {"tt", unit_kind::township},
    {"huyện", unit_kind::district},
    {"h", unit_kind::district},
    {"thị xã", unit_kind::district},
    {"tx", unit_kind::district},
    {"thành phố", unit_kind::district},
    {"tp", unit_kind::district},
    {"quận", unit_kind::district},
}};

const phrase_table& prefixes()
{
    static const phrase_table table = [] {
        phrase_table made;
        for (const unit_prefix& prefix : unit_prefixes)
            made.add(phrase_words(prefix.words), static_cast<std::size_t>(prefix.kind));
        return made;
    }();
    return table;
}

struct unit_name
{
    unit_kind kind = unit_kind::unknown;
    std::vector<phrase_word> words;
};

unit_name read_unit(std::string_view name, const text::normaliser& words)
{
    unit_name unit;
    std::vector<text::token> tokens = words.normalise_official(name).tokens;
    std::span<const text::token> rest = tokens;
    if (!rest.empty())
        if (const auto prefix = prefixes().longest_at(rest);
            prefix && prefix->length < rest.size()) {
            unit.kind = static_cast<unit_kind>(prefix->value);
            rest = rest.subspan(prefix->length);
        }
    for (const text::token& token : rest)
        unit.words.push_back({token.text, token.folded});
    return unit;
}

// "p.long" and "x.an" written in one; dots go.
std::vector<text::token> words_of(const text::normalised& message)
{
    std::vector<text::token> words;
    for (const text::token& token : message.tokens) {
        if (token.placeholder)
            continue;
        std::size_t begin = 0;
        for (std::size_t end = 0; end <= token.text.size(); ++end) {
            if (end < token.text.size() &&
                std::string_view(".,;:()/-").find(token.text[end]) == std::string_view::npos)
                continue;
            if (end > begin) {
                text::token part = token;
                part.text = token.text.substr(begin, end - begin);
                part.folded = text::fold(part.text);
                part.marked = token.marked && part.text != part.folded;
                words.push_back(std::move(part));
            }
            begin = end + 1;
        }
    }
    return words;
}

struct place
{
    std::size_t commune;
    unit_kind kind;
    bool former;
    std::size_t district; // phrase number of the former district; 0 = none
};

struct mention
{
    std::size_t length;
    place what;
};

} // namespace

struct gazetteer::state
{
    std::vector<commune> communes;
    phrase_table names; // values are numbers of places
    std::vector<place> places;
    phrase_table districts; // values are numbers of districts, from 1
    string_map<std::size_t> district_numbers;

    void add(std::size_t number, const text::normaliser& words)
    {
        const commune& one = communes[number];
        add_name(one.name, {number, unit_kind::unknown, false, 0}, words);
        for (const std::string& alias : one.aliases)
            add_name(alias, {number, unit_kind::unknown, false, 0}, words);
        for (const former_unit& unit : one.former)
            add_name(
                unit.name,
                {number, unit_kind::unknown, true, district_of(unit.district, words)},
                words);
    }

    void add_name(std::string_view name, place what, const text::normaliser& words)
    {
        unit_name unit = read_unit(name, words);
        if (unit.words.empty())
            return;
        what.kind = unit.kind;
        names.add(std::move(unit.words), places.size());
        places.push_back(what);
    }

    std::size_t district_of(std::string_view name, const text::normaliser& words)
    {
        if (name.empty())
            return 0;
        unit_name unit = read_unit(name, words);
        std::string key;
        for (const phrase_word& word : unit.words)
            key += word.text + ' ';
        const auto [at, inserted] = district_numbers.try_emplace(key, district_numbers.size() + 1);
        if (inserted)
            districts.add(std::move(unit.words), at->second);
        return at->second;
    }

    // What one place in the message may name, the longest name alone.
    std::vector<mention>
    mentions_at(std::span<const text::token> tokens, unit_kind prefix, bool has_prefix) const
    {
        std::vector<mention> found;
        for (const phrase_table::match& match : names.all_at(tokens)) {
            // "phường 1": a number or a lone syllable is a name only behind its kind.
            if (match.length == 1 && !has_prefix)
                continue;
            if (!found.empty() && match.length < found.front().length)
                break;
            found.push_back({match.length, places[match.value]});
        }
        const auto of_kind = [prefix](const mention& one) { return one.what.kind == prefix; };
        if (has_prefix && std::any_of(found.begin(), found.end(), of_kind))
            std::erase_if(found, [&of_kind](const mention& one) { return !of_kind(one); });
        return found;
    }
};

gazetteer::gazetteer(std::vector<commune> communes)
{
    const text::normaliser words{text::lexicon{}};
    auto built = std::make_unique<state>();
    built->communes = std::move(communes);
    for (std::size_t i = 0; i < built->communes.size(); ++i)
        built->add(i, words);
    state_ = std::move(built);
}

gazetteer::~gazetteer() = default;
gazetteer::gazetteer(gazetteer&&) noexcept = default;
gazetteer& gazetteer::operator=(gazetteer&&) noexcept = default;

std::vector<const commune*> gazetteer::find(const text::normalised& message) const
{
    const std::vector<text::token> tokens = words_of(message);
    std::vector<place> found;
    std::vector<place> towns;
    std::size_t district = 0;
    for (std::size_t i = 0; i < tokens.size();) {
        const auto rest = std::span(tokens).subspan(i);
        const auto prefix = prefixes().longest_at(rest);
        const bool has_prefix = prefix && prefix->length < rest.size();
        const auto kind = has_prefix ? static_cast<unit_kind>(prefix->value) : unit_kind::unknown;
        const std::size_t skipped = has_prefix ? prefix->length : 0;
        if (kind == unit_kind::district) {
            // A town may be a commune's other name too: taken for that if nothing else is named.
            const auto behind = rest.subspan(skipped);
            const auto named = state_->districts.longest_at(behind);
            for (const phrase_table::match& match : state_->names.all_at(behind))
                if (state_->places[match.value].kind == unit_kind::district &&
                    (!named || match.length >= named->length))
                    towns.push_back(state_->places[match.value]);
            if (named) {
                district = named->value;
                i += skipped + named->length;
                continue;
            }
        }
        auto here = state_->mentions_at(rest.subspan(skipped), kind, has_prefix);
        std::size_t before = skipped;
        if (here.empty() && has_prefix) { // "x" may be no prefix after all
            here = state_->mentions_at(rest, unit_kind::unknown, false);
            before = 0;
        }
        if (here.empty()) {
            ++i;
            continue;
        }
        for (const mention& one : here)
            found.push_back(one.what);
        i += before + here.front().length;
    }

    if (found.empty())
        found = std::move(towns);
    const auto in_district = [district](const place& one) {
        return one.former && one.district == district;
    };
    if (district != 0 && std::any_of(found.begin(), found.end(), in_district))
        std::erase_if(found, [&in_district](const place& one) { return !in_district(one); });
    std::stable_sort(found.begin(), found.end(), [](const place& a, const place& b) {
        return std::tuple(a.former, a.commune) < std::tuple(b.former, b.commune);
    });
    std::vector<const commune*> communes;
    for (const place& one : found) {
        const commune* named = &state_->communes[one.commune];
        if (std::find(communes.begin(), communes.end(), named) == communes.end())
            communes.push_back(named);
    }
    return communes;
}

const commune* gazetteer::by_code(std::string_view code) const
{
    const auto at =
        std::find_if(state_->communes.begin(), state_->communes.end(), [code](const commune& one) {
            return one.code == code;
        });
    return at == state_->communes.end() ? nullptr : &*at;
}

const std::vector<commune>& gazetteer::all() const
{
    return state_->communes;
}

} // namespace motcua::understand
