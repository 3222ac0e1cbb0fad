#include "letters.hpp"
#include "phrases.hpp"
#include "query_words.hpp"

#include <motcua/core/text/unicode.hpp>
#include <motcua/core/understand/search.hpp>
#include <motcua/core/understand/search_words.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <span>
#include <unordered_set>
#include <utility>

namespace motcua::understand {

namespace {

using term_id = std::uint32_t;
constexpr term_id no_term = ~term_id{0};

constexpr std::size_t most_units = 40;      // content words of a query; the rest is ignored
constexpr std::size_t most_candidates = 48; // looked at closely
constexpr std::size_t most_synonyms = 48;
constexpr std::size_t most_synonym_words = 64; // of the official words
constexpr std::size_t most_skipped = 2;        // tokens between a synonym's words
constexpr std::size_t longest_mendable = 12;
constexpr double worth_mending = 0.1; // by so much the mended query must score better
constexpr std::size_t longest_result_bytes = 800;

constexpr double all_of_it = 0.99;           // of a name's or a question's weight
constexpr double contradiction_weight = 0.1; // same letters, other marks
constexpr double unmarked_weight = 0.6;      // no marks, where the rest of the query has some
// Actions that tell one procedure of an object from another; a first issue is what the bare object
// means.
constexpr std::uint32_t telling =
    reissue | exchange | renew | amend | remove | terminate | suspend | report_loss | extract;
constexpr std::uint32_t below_an_age = 1U << 18U; // "dưới" among special_conditions()
constexpr double age_found = 0.15;
constexpr double age_other = 0.4; // the name is about people of another age
constexpr double result_length_share = 0.7;
constexpr double belonging_length_share = 0.5;
constexpr double most_lexical = 1.5; // more of it says no more
// A rare word in a query is as often chatter as it is the point.
constexpr double most_idf = 6.0;
constexpr double unknown_idf = 4.5; // of a word no document has

struct posting
{
    std::uint32_t document;
    float impact; // saturated frequency times idf
};

// A word of a name or an alias.
struct strong_word
{
    term_id folded;
    term_id accented; // index into words
    float share;      // 1 in the head of a name, less behind it
};

// A name or an alias.
struct strong_text
{
    std::uint32_t begin; // into strong_words
    std::uint32_t end;
    double mass = 0; // of its words; however long the tail, it is a side matter
};

// Years of age that a name speaks of: "dưới 14 tuổi", "từ đủ 14 tuổi trở lên".
struct age_range
{
    int from = 0;
    int below = no_age;
    static constexpr int no_age = 1000;

    bool is_told() const { return from != 0 || below != no_age; }
    bool has(int age) const { return age >= from && age < below; }
};

struct indexed_document
{
    search_document shown; // code, name; the long texts are dropped
    std::uint32_t texts_begin = 0;
    std::uint32_t texts_end = 0;
    std::uint32_t twins = 0;      // documents of one name, levels apart
    std::uint32_t actions = 0;    // bits of `action`
    std::uint32_t conditions = 0; // bits of special_conditions()
    level_hint level = level_hint::none;
    float popularity = 0; // 0..1
    age_range ages;
};

struct synonym_words
{
    std::vector<term_id> words;
    std::vector<term_id> bigrams;
    std::uint32_t actions;    // of the official words
    std::uint32_t conditions; // these variants are meant, then
    double weight;
    double mass = 0; // sum of the words' idf
};

// A content word of the query.
struct query_unit
{
    const text::token* token;
    term_id folded;
    double idf;
    double weight; // 1, or less for weak words
    bool action = false;
    bool replaced = false; // inside a synonym's span
};

struct synonym_use
{
    std::uint64_t units; // a bit for each that it stands for
    double weight;
    const synonym_words* to;
};
static_assert(most_units <= 64);

constexpr std::uint64_t bits_of(std::size_t first, std::size_t count)
{
    return ((std::uint64_t{1} << count) - 1) << first;
}

// A term that scores, and what of the query it stands for.
struct query_term
{
    term_id id;
    double weight;
    std::uint64_t units = 0; // a bit for each unit with this folded word
    std::vector<std::pair<std::uint8_t, std::uint8_t>> synonym_words; // synonym, number of its word
};

class query_terms
{
public:
    explicit query_terms(std::size_t all_terms) : slots_(all_terms, 0) {}

    // Of several weights of one term the greatest counts. The reference is good until the next.
    query_term& remember(term_id id, double weight)
    {
        if (slots_[id] == 0) {
            terms_.push_back({id, weight, 0, {}});
            slots_[id] = static_cast<std::uint16_t>(terms_.size());
        }
        query_term& term = terms_[slots_[id] - 1U];
        term.weight = std::max(term.weight, weight);
        return term;
    }

    const query_term* find(term_id id) const
    {
        return slots_[id] == 0 ? nullptr : &terms_[slots_[id] - 1U];
    }
    const std::vector<query_term>& all() const { return terms_; }

private:
    std::vector<std::uint16_t> slots_; // by term: its number from 1
    std::vector<query_term> terms_;
};

struct query
{
    std::vector<query_unit> units;
    std::vector<synonym_use> synonyms;
    std::uint32_t actions = 0;
    std::uint32_t conditions = 0; // asked for
    std::uint32_t allowed = 0;    // conditions no longer unasked
    level_hint level = level_hint::none;
    std::optional<int> age; // in years, of whom it is about
    bool marked = false;    // typed with marks
    double mass = 0;        // sum of idf times weight of the units
};

struct ranked
{
    std::uint32_t document;
    double lexical;        // BM25F over the query's own weight
    double query_coverage; // share of the query's weight found in names and aliases
    double text_coverage;  // share of the best name or alias that was asked for
    double rare_missing;   // 0..1: how rare the rarest of the query's words not found is
    double rank;           // the order is by this
    bool named = false;    // one of its names or aliases is all that was said
};

bool has_letter_or_digit(const text::token& token)
{
    return std::any_of(token.folded.begin(), token.folded.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               static_cast<unsigned char>(c) >= 0x80U;
    });
}

std::vector<text::token> words_of(text::normalised text)
{
    std::vector<text::token> words = std::move(text.tokens);
    std::erase_if(words, [](const text::token& token) { return !has_letter_or_digit(token); });
    return words;
}

// A number of years that makes sense for a person.
std::optional<int> age_of(std::string_view word)
{
    constexpr std::size_t most_digits = 3;
    int age = 0;
    if (word.empty() || word.size() > most_digits)
        return std::nullopt;
    for (const char c : word) {
        if (c < '0' || c > '9')
            return std::nullopt;
        age = age * 10 + (c - '0');
    }
    return age;
}

// The number in front of it is not reached: "dưới 14", "chưa đủ 14", "chưa tới 14".
bool is_below(const std::vector<text::token>& tokens, std::size_t at)
{
    const auto is = [&](std::size_t back, std::string_view word) {
        return at >= back && tokens[at - back].folded == word;
    };
    return is(1, "duoi") || is(1, "chua") || is(2, "chua");
}

// "10 tuổi", "10 tháng tuổi", "dưới 14 tuổi".
std::optional<int> age_in(const std::vector<text::token>& tokens)
{
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
        const auto age = age_of(tokens[i].folded);
        if (age && tokens[i + 1].folded == "tuoi")
            return is_below(tokens, i) ? *age - 1 : *age;
        if (age && tokens[i + 1].folded == "thang" && i + 2 < tokens.size() &&
            tokens[i + 2].folded == "tuoi")
            return *age / 12;
    }
    return std::nullopt;
}

// The first bound of each kind; names rarely tell more.
age_range ages_in(const std::vector<text::token>& tokens)
{
    age_range ages;
    for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
        const auto age = age_of(tokens[i].folded);
        if (!age || tokens[i + 1].folded != "tuoi")
            continue;
        const std::string& before = tokens[i - 1].folded;
        if (is_below(tokens, i))
            ages.below = *age;
        else if (before == "tu" || before == "du" || before == "tren")
            ages.from = *age;
    }
    return ages.from < ages.below ? ages : age_range();
}

std::string digits_of(std::string_view code)
{
    std::string digits;
    for (const char c : code)
        if (c >= '0' && c <= '9')
            digits += c;
    return digits;
}

// True if one digit was left out, added, mistaken, or two neighbours swapped.
bool within_one_edit(std::string_view a, std::string_view b)
{
    if (a.size() > b.size())
        std::swap(a, b);
    if (b.size() - a.size() > 1)
        return false;
    std::size_t i = 0;
    while (i < a.size() && a[i] == b[i])
        ++i;
    if (a.size() < b.size())
        return a.substr(i) == b.substr(i + 1);
    if (i == a.size() || a.substr(i + 1) == b.substr(i + 1))
        return true;
    return i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] &&
           a.substr(i + 2) == b.substr(i + 2);
}

} // namespace

std::string_view name(decision value)
{
    switch (value) {
    case decision::answer:
        return "answer";
    case decision::ask:
        return "ask";
    case decision::none:
        return "none";
    }
    return "none";
}

text::lexicon with_search_words(
    text::lexicon words,
    const std::vector<search_document>& documents,
    const std::vector<synonym>& synonyms)
{
    std::vector<std::string>& known = words.vocabulary;
    for (const phrase_table* table : {&question_frames(), &kept_phrases(), &query_actions()})
        for (std::string& phrase : table->phrases())
            known.push_back(std::move(phrase));
    for (const search_document& document : documents) {
        known.push_back(document.name);
        known.insert(known.end(), document.aliases.begin(), document.aliases.end());
    }
    for (const synonym& row : synonyms)
        known.push_back(row.from);
    return words;
}

struct procedure_index::state
{
    search_weights weights;
    string_map<term_id> ids;        // folded words, "\x01" + accented words, "a b" bigrams
    std::vector<std::string> words; // by term; accented words without their mark
    std::vector<std::vector<posting>> postings;
    std::vector<float> idf;
    std::vector<strong_word> strong_words;
    std::vector<strong_text> strong_texts;
    std::vector<indexed_document> documents;
    string_map<std::uint32_t> by_code;
    // For mending: words that stand next to each other in names, folk names and synonyms, and the
    // words that become a word when they lose a letter.
    std::unordered_set<std::string, string_hash, std::equal_to<>> pairs;
    std::vector<std::string> mendable;
    std::unordered_set<std::string, string_hash, std::equal_to<>> mendable_words; // while building
    string_map<std::vector<std::uint32_t>> shortened; // to numbers of mendable
    phrase_table aliases; // their words are never taken for a question's frame
    phrase_table synonym_phrases;
    std::vector<synonym_words> synonym_targets;

    // Building.
    term_id id_of(std::string key);
    void add(search_document document, const text::normaliser& words_of_texts);
    void learn_to_mend(const std::vector<text::token>& tokens);
    void add_synonym(
        std::string_view from,
        std::string_view to,
        double weight,
        const text::normaliser& words_of_texts);
    void finish();

    // Searching.
    term_id find(std::string_view key) const;
    query read(const std::vector<text::token>& tokens) const;
    bool is_homograph(const std::vector<text::token>& tokens, std::size_t at) const;
    void add_scattered(
        const std::vector<text::token>& tokens,
        const std::vector<std::uint8_t>& units_of,
        query& asked) const;
    std::vector<text::token> mended(const std::vector<text::token>& tokens) const;
    search_result find(query asked, const search_context& context) const;
    query_terms terms_of(const query& asked) const;
    std::vector<ranked> rank(const query& asked) const;
    void look_closely(const query& asked, const query_terms& terms, ranked& candidate) const;
    search_result
    decide(const query& asked, const std::vector<ranked>& order, std::size_t top) const;
    std::optional<search_result>
    by_procedure_code(const text::normalised& message, std::size_t top) const;

    // Frequencies by field while building: term, document, field and count.
    struct occurrence
    {
        std::uint32_t document;
        std::uint8_t field;
        float count;
    };
    std::vector<std::vector<occurrence>> occurrences;
    std::vector<std::array<double, 4>> field_lengths; // by document
    string_map<std::uint32_t> twin_groups;
};

namespace {

struct official_name
{
    std::vector<text::token> head;
    std::vector<text::token> tail;
    level_hint level = level_hint::none;
};

// Takes "Thủ tục …" off the front and "(thực hiện tại cấp xã)" off the back; what stands in
// brackets or narrows the case ("đối với", "trong trường hợp") is the tail.
official_name read_name(std::string_view name, const text::normaliser& words)
{
    official_name read;
    const std::size_t bracket = std::min(name.find('('), name.size());
    read.head = words_of(words.normalise_official(name.substr(0, bracket)));
    read.tail = words_of(words.normalise_official(name.substr(bracket)));
    static const phrase_table openings = [] {
        phrase_table table;
        table.add(phrase_words("thủ tục hành chính"), 0);
        table.add(phrase_words("thủ tục"), 0);
        return table;
    }();
    if (!read.head.empty())
        if (const auto opening = openings.longest_at(read.head))
            read.head.erase(
                read.head.begin(),
                read.head.begin() + static_cast<std::ptrdiff_t>(opening->length));
    static const phrase_table performed = [] {
        phrase_table table;
        for (const std::string_view phrase : {"thực hiện tại", "thực hiện ở", "cấp"})
            table.add(phrase_words(phrase), 0);
        return table;
    }();
    for (std::size_t i = 0; i < read.tail.size(); ++i) {
        const auto rest = std::span(read.tail).subspan(i);
        if (!performed.longest_at(rest))
            continue;
        for (std::size_t j = i; j < std::min(i + 4, read.tail.size()); ++j)
            if (const auto level = level_phrases().longest_at(std::span(read.tail).subspan(j))) {
                read.level = static_cast<level_hint>(level->value);
                read.tail.erase(
                    read.tail.begin() + static_cast<std::ptrdiff_t>(i),
                    read.tail.begin() + static_cast<std::ptrdiff_t>(j + level->length));
                break;
            }
        break;
    }
    static const phrase_table narrowings = [] {
        phrase_table table;
        for (const std::string_view phrase :
             {"đối với",
              "trong trường hợp",
              "thuộc thẩm quyền",
              "theo quy định",
              "mà",
              "do cơ quan",
              "đã được",
              "thực hiện bằng",
              "thực hiện tại",
              "thực hiện ở",
              "cho người",
              "cho công dân",
              "cho cá nhân",
              "cho tổ chức",
              "cho trẻ em",
              "tại cơ quan",
              "tại công an",
              "tại phòng",
              "tại cục"})
            table.add(phrase_words(phrase), 0);
        return table;
    }();
    for (std::size_t i = 1; i < read.head.size(); ++i)
        if (narrowings.longest_at(std::span(read.head).subspan(i))) {
            read.tail.insert(
                read.tail.begin(),
                read.head.begin() + static_cast<std::ptrdiff_t>(i),
                read.head.end());
            read.head.resize(i);
            break;
        }
    return read;
}

// The values of all phrases in the tokens, longest first from the left, as bits.
std::uint32_t bits_in(std::span<const text::token> tokens, const phrase_table& table, bool shift)
{
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < tokens.size();) {
        const auto found = table.longest_at(tokens.subspan(i));
        if (!found) {
            ++i;
            continue;
        }
        bits |= shift ? 1U << found->value : static_cast<std::uint32_t>(found->value);
        i += found->length;
    }
    return bits;
}

std::string twin_key(const official_name& read)
{
    std::string key;
    for (const auto* part : {&read.head, &read.tail})
        for (const text::token& token : *part)
            key += token.text + ' ';
    return key;
}

double level_prior(level_hint wanted, level_hint has, const search_weights& weights)
{
    if (wanted != level_hint::none)
        return has == wanted ? 0.15 : has == level_hint::none ? 0.0 : -0.35;
    switch (has) {
    case level_hint::commune:
        return weights.level_commune;
    case level_hint::province:
        return weights.level_province;
    case level_hint::ministry:
    case level_hint::none:
        break;
    }
    return 0;
}

} // namespace

term_id procedure_index::state::id_of(std::string key)
{
    const auto next = static_cast<term_id>(words.size());
    const auto [at, inserted] = ids.try_emplace(std::move(key), next);
    if (inserted) {
        const std::string& word = at->first;
        words.push_back(word.starts_with('\x01') ? word.substr(1) : word);
        occurrences.emplace_back();
    }
    return at->second;
}

term_id procedure_index::state::find(std::string_view key) const
{
    const auto at = ids.find(key);
    return at == ids.end() ? no_term : at->second;
}

void procedure_index::state::add(search_document document, const text::normaliser& normaliser)
{
    const auto number = static_cast<std::uint32_t>(documents.size());
    indexed_document made;
    std::array<double, 4> lengths{};
    const auto count = [&](term_id term, std::size_t field, float times) {
        std::vector<occurrence>& list = occurrences[term];
        if (!list.empty() && list.back().document == number && list.back().field == field)
            list.back().count += times;
        else
            list.push_back({number, static_cast<std::uint8_t>(field), times});
    };
    const auto add_words =
        [&](const std::vector<text::token>& tokens, std::size_t field, float share) {
            if (field < 2)
                learn_to_mend(tokens);
            for (std::size_t i = 0; i < tokens.size(); ++i) {
                count(id_of(tokens[i].folded), field, share);
                if (tokens[i].text != tokens[i].folded)
                    count(id_of('\x01' + tokens[i].text), field, share);
                if (field < 2 && i + 1 < tokens.size())
                    count(id_of(tokens[i].folded + ' ' + tokens[i + 1].folded), field, share);
            }
            lengths[field] += static_cast<double>(tokens.size()) * static_cast<double>(share);
        };
    const auto add_strong = [&](const std::vector<text::token>& tokens, float share) {
        for (const text::token& token : tokens)
            strong_words.push_back(
                {id_of(token.folded),
                 token.text == token.folded ? id_of(token.folded) : id_of('\x01' + token.text),
                 share});
    };
    const auto open_strong = [&] {
        const auto at = static_cast<std::uint32_t>(strong_words.size());
        strong_texts.push_back({at, at});
    };
    const auto close_strong = [&] {
        strong_texts.back().end = static_cast<std::uint32_t>(strong_words.size());
    };

    made.texts_begin = static_cast<std::uint32_t>(strong_texts.size());
    const official_name read = read_name(document.name, normaliser);
    add_words(read.head, 1, 1.0F);
    add_words(read.tail, 1, static_cast<float>(weights.name_tail));
    open_strong();
    add_strong(read.head, 1.0F);
    add_strong(read.tail, static_cast<float>(weights.name_tail));
    close_strong();
    for (const std::string& alias : document.aliases) {
        const std::vector<text::token> tokens = words_of(normaliser.normalise(alias));
        add_words(tokens, 0, 1.0F);
        open_strong();
        add_strong(tokens, 1.0F);
        close_strong();
        std::vector<phrase_word> phrase;
        phrase.reserve(tokens.size());
        for (const text::token& token : tokens)
            phrase.push_back({token.text, token.folded});
        if (phrase.size() > 1)
            aliases.add(std::move(phrase), 0);
    }
    made.texts_end = static_cast<std::uint32_t>(strong_texts.size());
    add_words(
        words_of(
            normaliser.normalise_official(text::prefix(document.result, longest_result_bytes))),
        2,
        1.0F);
    add_words(words_of(normaliser.normalise_official(document.field)), 3, 1.0F);

    made.actions = bits_in(read.head, official_actions(), false);
    made.conditions = bits_in(read.head, special_conditions(), true) |
                      bits_in(read.tail, special_conditions(), true);
    std::vector<text::token> whole = read.head;
    whole.insert(whole.end(), read.tail.begin(), read.tail.end());
    made.ages = ages_in(whole);
    made.level = read.level != level_hint::none ? read.level : document.level;
    made.twins =
        twin_groups.try_emplace(twin_key(read), static_cast<std::uint32_t>(twin_groups.size()))
            .first->second;
    made.shown = std::move(document);
    made.shown.result.clear();
    made.shown.field.clear();
    made.shown.aliases.clear();
    by_code.try_emplace(made.shown.code, number);
    documents.push_back(std::move(made));
    field_lengths.push_back(lengths);
}

void procedure_index::state::learn_to_mend(const std::vector<text::token>& tokens)
{
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const std::string& word = tokens[i].folded;
        if (i + 1 < tokens.size())
            pairs.insert(word + ' ' + tokens[i + 1].folded);
        if (word.size() < 2 || word.size() > longest_mendable ||
            word.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != std::string::npos ||
            !mendable_words.insert(word).second)
            continue;
        const auto number = static_cast<std::uint32_t>(mendable.size());
        mendable.push_back(word);
        shortened[word].push_back(number);
        for (std::size_t out = 0; out < word.size(); ++out) {
            std::vector<std::uint32_t>& list =
                shortened[word.substr(0, out) + word.substr(out + 1)];
            if (list.empty() || list.back() != number)
                list.push_back(number);
        }
    }
}

void procedure_index::state::add_synonym(
    std::string_view from, std::string_view to, double weight, const text::normaliser& normaliser)
{
    synonym_words target;
    target.weight = std::clamp(weight, 0.0, 1.0);
    const std::vector<text::token> tokens = words_of(normaliser.normalise_official(to));
    learn_to_mend(words_of(normaliser.normalise_official(from)));
    target.actions = bits_in(tokens, official_actions(), false);
    target.conditions = bits_in(tokens, special_conditions(), true);
    for (std::size_t i = 0; i < std::min(tokens.size(), most_synonym_words); ++i) {
        if (const term_id id = find(tokens[i].folded); id != no_term)
            target.words.push_back(id);
        if (i + 1 < tokens.size())
            if (const term_id id = find(tokens[i].folded + ' ' + tokens[i + 1].folded);
                id != no_term)
                target.bigrams.push_back(id);
    }
    std::vector<phrase_word> phrase;
    for (const text::token& token : words_of(normaliser.normalise_official(from)))
        phrase.push_back({token.text, token.folded});
    if (target.words.empty() || phrase.empty())
        return;
    synonym_phrases.add(std::move(phrase), synonym_targets.size());
    synonym_targets.push_back(std::move(target));
}

// Turns counts into impacts, which depend on all documents.
void procedure_index::state::finish()
{
    const std::vector<std::array<double, 4>>& lengths = field_lengths;
    std::array<double, 4> average{};
    double most_popular = 0;
    for (std::size_t i = 0; i < documents.size(); ++i) {
        for (std::size_t field = 0; field < average.size(); ++field)
            average[field] += lengths[i][field];
        most_popular =
            std::max(most_popular, std::log1p(std::max(documents[i].shown.popularity, 0.0)));
    }
    for (double& length : average)
        length =
            std::max(length / static_cast<double>(std::max<std::size_t>(documents.size(), 1)), 1.0);
    if (most_popular > 0)
        for (indexed_document& document : documents)
            document.popularity = static_cast<float>(
                std::log1p(std::max(document.shown.popularity, 0.0)) / most_popular);

    const auto total = static_cast<double>(documents.size());
    const auto idf_for = [total](double holding) {
        return std::log(1 + (total - holding + 0.5) / (holding + 0.5));
    };
    const std::array<double, 4> field_weights{
        weights.alias_field, weights.name_field, weights.result_field, weights.belonging_field};
    const std::array<double, 4> length_shares{
        weights.alias_length, weights.name_length, result_length_share, belonging_length_share};
    postings.resize(words.size());
    idf.resize(words.size());
    for (std::size_t term = 0; term < words.size(); ++term) {
        std::vector<posting>& list = postings[term];
        double named_in = 0; // documents with the word in a name or an alias: what tells them apart
        for (const occurrence& one : occurrences[term]) {
            const double length = lengths[one.document][one.field] / average[one.field];
            const double share = length_shares[one.field];
            const double frequency = field_weights[one.field] * static_cast<double>(one.count) /
                                     (1 - share + share * length);
            const bool first = list.empty() || list.back().document != one.document;
            if (first)
                list.push_back({one.document, 0});
            list.back().impact += static_cast<float>(frequency);
            named_in += first && one.field < 2 ? 1 : 0;
        }
        idf[term] =
            static_cast<float>(idf_for(named_in > 0 ? named_in : static_cast<double>(list.size())));
        for (posting& one : list)
            one.impact =
                idf[term] * one.impact / (static_cast<float>(weights.saturation) + one.impact);
        list.shrink_to_fit();
        std::vector<occurrence>().swap(occurrences[term]);
    }
    for (synonym_words& target : synonym_targets)
        for (const term_id word : target.words)
            target.mass += static_cast<double>(idf[word]);
    for (strong_text& one : strong_texts) {
        double head = 0;
        double tail = 0;
        for (std::uint32_t w = one.begin; w < one.end; ++w)
            (strong_words[w].share < 1.0F ? tail : head) +=
                static_cast<double>(idf[strong_words[w].folded] * strong_words[w].share);
        one.mass = head + std::min(tail, 0.4 * head);
    }
    std::vector<std::vector<occurrence>>().swap(occurrences);
    std::vector<std::array<double, 4>>().swap(field_lengths);
    string_map<std::uint32_t>().swap(twin_groups);
    mendable_words.clear();
}

// Without marks a word of a question's frame may be one of a name: "thi" is "thì" or "thi". It is
// taken for the latter beside a word it stands beside in names.
bool procedure_index::state::is_homograph(
    const std::vector<text::token>& tokens, std::size_t at) const
{
    if (tokens[at].marked)
        return false;
    const auto beside = [&](std::size_t left) {
        const std::size_t other = left == at ? at + 1 : left;
        return !question_frames().longest_at(std::span(tokens).subspan(other, 1)) &&
               find(tokens[left].folded + ' ' + tokens[left + 1].folded) != no_term;
    };
    return (at > 0 && beside(at - 1)) || (at + 1 < tokens.size() && beside(at));
}

// Cuts the frames of the question off and finds actions, level, synonyms.
query procedure_index::state::read(const std::vector<text::token>& tokens) const
{
    query asked;
    asked.age = age_in(tokens);
    const auto marked = std::count_if(
        tokens.begin(), tokens.end(), [](const text::token& token) { return token.marked; });
    asked.marked = 2 * static_cast<std::size_t>(marked) >= tokens.size();
    const auto length_of = [](const std::optional<phrase_table::match>& found) {
        return found ? found->length : 0;
    };
    std::size_t kept_until = 0;     // tokens before this are content, whatever they look like
    std::size_t action_until = 0;   // … belong to an action
    std::size_t replaced_until = 0; // … are inside a synonym's span
    std::vector<std::uint8_t> units_of(tokens.size(), most_units);
    for (std::size_t i = 0; i < tokens.size() && asked.units.size() < most_units;) {
        const auto rest = std::span(tokens).subspan(i);
        const auto act = query_actions().longest_at(rest);
        const auto replacement = synonym_phrases.longest_at(rest);
        const std::size_t content = std::max(
            {length_of(kept_phrases().longest_at(rest)),
             length_of(aliases.longest_at(rest)),
             length_of(act),
             length_of(replacement)});
        if (const auto condition = special_conditions().longest_at(rest))
            asked.conditions |= 1U << condition->value;
        if (i >= kept_until) {
            const auto level = level_phrases().longest_at(rest);
            const auto frame = question_frames().longest_at(rest);
            if (level && level->length > content) {
                asked.level = static_cast<level_hint>(level->value);
                i += level->length;
                continue;
            }
            if (frame && frame->length > content &&
                !(frame->length == 1 && is_homograph(tokens, i))) {
                i += frame->length;
                continue;
            }
        }
        kept_until = std::max(kept_until, i + content);
        const std::size_t unit = asked.units.size();
        // "mới mất" stands for a death, not for a loss.
        const bool means_other =
            i < replaced_until || (act && replacement && replacement->length > act->length);
        if (act && i >= action_until && !means_other) {
            asked.actions |= static_cast<std::uint32_t>(act->value);
            action_until = i + act->length;
        }
        if (replacement && i + replacement->length > replaced_until &&
            unit + replacement->length <= most_units) {
            replaced_until = i + replacement->length;
            for (const phrase_table::match& match : synonym_phrases.all_at(rest))
                if (match.length == replacement->length) {
                    const synonym_words& target = synonym_targets[match.value];
                    if (asked.synonyms.size() < most_synonyms)
                        asked.synonyms.push_back(
                            {bits_of(unit, match.length), target.weight, &target});
                    asked.actions |= target.actions;
                    asked.allowed |= target.conditions;
                }
        }
        const text::token& token = tokens[i];
        units_of[i] = static_cast<std::uint8_t>(unit);
        const term_id folded = find(token.folded);
        const bool is_action = i < action_until;
        // A lone digit or letter says little.
        const double weight = is_weak_word(token.folded) || token.folded.size() == 1
                                  ? weights.weak_word
                              : is_action ? weights.action_word
                                          : 1.0;
        asked.units.push_back(
            {&token,
             folded,
             folded == no_term ? unknown_idf : std::min(static_cast<double>(idf[folded]), most_idf),
             weight,
             is_action,
             i < replaced_until});
        ++i;
    }
    for (const query_unit& unit : asked.units)
        asked.mass += unit.idf * unit.weight;
    add_scattered(tokens, units_of, asked);
    return asked;
}

// "chuyển 200 m đất vườn": a synonym's words, a few others in between.
void procedure_index::state::add_scattered(
    const std::vector<text::token>& tokens,
    const std::vector<std::uint8_t>& units_of,
    query& asked) const
{
    const std::size_t contiguous = asked.synonyms.size();
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        for (const auto& match :
             synonym_phrases.scattered_at(std::span(tokens).subspan(i), most_skipped)) {
            std::uint64_t units = 0;
            for (const std::size_t at : match.at)
                if (units_of[i + at] < most_units)
                    units |= std::uint64_t{1} << units_of[i + at];
            const auto known = std::span(asked.synonyms).first(contiguous);
            if (units == 0 || asked.synonyms.size() == most_synonyms ||
                std::ranges::any_of(
                    known, [units](const synonym_use& use) { return (units & ~use.units) == 0; }))
                continue;
            const synonym_words& target = synonym_targets[match.value];
            asked.synonyms.push_back({units, weights.scattered * target.weight, &target});
            asked.allowed |= target.conditions;
        }
    }
}

// A word may have lost, gained or mistaken a letter and still be one: "tạm tú". Where it stands
// beside no word it is known to stand beside, and one a letter away is, that one is meant.
std::vector<text::token>
procedure_index::state::mended(const std::vector<text::token>& tokens) const
{
    std::vector<text::token> better;
    std::string pair;
    const auto is_known = [&](std::string_view left, std::string_view right) {
        pair.assign(left).append(1, ' ').append(right);
        return pairs.contains(pair);
    };
    const auto neighbours = [&](std::size_t i, std::string_view word) {
        const auto& all = better.empty() ? tokens : better;
        return (i > 0 && is_known(all[i - 1].folded, word) ? 1 : 0) +
               (i + 1 < all.size() && is_known(word, all[i + 1].folded) ? 1 : 0);
    };
    for (std::size_t i = 0; i < std::min(tokens.size(), most_units); ++i) {
        const std::string& word = tokens[i].folded;
        if (word.size() < 2 || word.size() > longest_mendable || neighbours(i, word) > 0 ||
            (tokens[i].marked && find(word) != no_term)) // who types marks rarely mistypes a word
            continue;
        const std::string* best = nullptr;
        int most = 0;
        const auto consider = [&](const std::string& key) {
            const auto found = shortened.find(key);
            if (found == shortened.end())
                return;
            for (const std::uint32_t number : found->second) {
                const std::string& candidate = mendable[number];
                const int known = within_one_edit(word, candidate) ? neighbours(i, candidate) : 0;
                if (known > most || (known > 0 && known == most && candidate < *best)) {
                    most = known;
                    best = &candidate;
                }
            }
        };
        consider(word);
        for (std::size_t out = 0; out < word.size(); ++out)
            consider(word.substr(0, out) + word.substr(out + 1));
        if (best == nullptr || *best == word)
            continue;
        if (better.empty())
            better = tokens;
        better[i].text = *best;
        better[i].folded = *best;
        better[i].marked = false;
    }
    return better;
}

query_terms procedure_index::state::terms_of(const query& asked) const
{
    query_terms terms(words.size());
    const auto remember = [&terms](term_id id, double weight) {
        if (id != no_term)
            terms.remember(id, weight);
    };
    for (std::size_t i = 0; i < asked.units.size(); ++i) {
        const query_unit& unit = asked.units[i];
        const double weight = unit.weight * (unit.replaced ? weights.replaced_word : 1.0);
        const bool has_marks = unit.token->marked && unit.token->text != unit.token->folded;
        if (has_marks)
            remember(find('\x01' + unit.token->text), weight * (1 - weights.folded_share));
        if (unit.folded != no_term)
            terms.remember(unit.folded, has_marks ? weight * weights.folded_share : weight).units |=
                std::uint64_t{1} << i;
        if (i + 1 < asked.units.size())
            remember(
                find(unit.token->folded + ' ' + asked.units[i + 1].token->folded), weights.bigram);
    }
    for (std::size_t s = 0; s < asked.synonyms.size(); ++s) {
        const synonym_use& use = asked.synonyms[s];
        // A long official name for a short folk one must not drown the rest of the query.
        const double share = weights.synonym * use.weight *
                             std::min(
                                 1.0,
                                 std::sqrt(
                                     static_cast<double>(std::popcount(use.units) + 1) /
                                     static_cast<double>(use.to->words.size())));
        for (std::size_t i = 0; i < use.to->words.size(); ++i)
            terms.remember(use.to->words[i], share)
                .synonym_words.emplace_back(
                    static_cast<std::uint8_t>(s), static_cast<std::uint8_t>(i));
        for (const term_id bigram : use.to->bigrams)
            remember(bigram, share * weights.bigram);
    }
    return terms;
}

// How well the marks of a typed word go with those of an official one that has the same letters.
double agreement(const query& asked, const text::token& typed, std::string_view official)
{
    if (typed.text == official)
        return 1;
    if (typed.marked)
        return marks_agree(typed.text, official) ? 1 : contradiction_weight;
    // Among words with marks, one without is probably meant to have none.
    return asked.marked ? unmarked_weight : 1;
}

// Coverage of the query by the document's names and the other way round.
void procedure_index::state::look_closely(
    const query& asked, const query_terms& terms, ranked& candidate) const
{
    const indexed_document& document = documents[candidate.document];
    const std::size_t units = asked.units.size();
    // Cleared as far as they are used: that is far less than the whole.
    std::array<double, most_units> covered;        // by unit
    std::array<double, most_units> here;           // by unit, in one text
    std::array<std::uint64_t, most_synonyms> seen; // by synonym, its words found in one text
    std::fill_n(covered.begin(), units, 0.0);
    double best_text = 0;
    double best_query = 0;
    double best_order = 0;
    double best_sum = -1;
    bool one_without = false;
    for (std::uint32_t t = document.texts_begin; t < document.texts_end; ++t) {
        const strong_text& text = strong_texts[t];
        std::uint32_t w = text.begin;
        while (w < text.end && terms.find(strong_words[w].folded) == nullptr)
            ++w;
        // Texts without any word of the query are all the same.
        if (w == text.end && std::exchange(one_without, true))
            continue;
        std::fill_n(here.begin(), units, 0.0);
        std::fill_n(seen.begin(), asked.synonyms.size(), 0);
        double asked_mass = 0;
        std::uint64_t followed = 0; // bits of units: the next stands right behind in the text
        for (; w < text.end; ++w) {
            const strong_word& word = strong_words[w];
            const query_term* const term = terms.find(word.folded);
            if (term == nullptr)
                continue;
            double matched = 0;
            for (std::uint64_t left = term->units; left != 0; left &= left - 1) {
                const auto i = static_cast<std::size_t>(std::countr_zero(left));
                const query_unit& unit = asked.units[i];
                const double agrees = agreement(asked, *unit.token, words[word.accented]);
                matched = std::max(matched, agrees);
                const double share = word.share < 1.0F ? 0.8 : 1.0;
                if (i + 1 < units && w + 1 < text.end &&
                    asked.units[i + 1].folded == strong_words[w + 1].folded)
                    followed |= std::uint64_t{1} << i;
                here[i] = std::max(here[i], agrees * share);
            }
            for (const auto& [synonym, number] : term->synonym_words) {
                seen[synonym] |= std::uint64_t{1} << number;
                matched = std::max(matched, 0.4 + 0.6 * asked.synonyms[synonym].weight);
            }
            asked_mass += matched * static_cast<double>(idf[word.folded] * word.share);
        }
        for (std::size_t s = 0; s < asked.synonyms.size(); ++s) {
            if (seen[s] == 0)
                continue;
            const synonym_use& use = asked.synonyms[s];
            double found = 0;
            for (std::uint64_t left = seen[s]; left != 0; left &= left - 1)
                found += static_cast<double>(
                    idf[use.to->words[static_cast<std::size_t>(std::countr_zero(left))]]);
            const double part = use.to->mass > 0 ? found / use.to->mass : 0.0;
            for (std::uint64_t left = use.units & bits_of(0, units); left != 0; left &= left - 1) {
                const auto i = static_cast<std::size_t>(std::countr_zero(left));
                here[i] = std::max(here[i], part * part * (0.5 + 0.5 * use.weight));
            }
        }
        double query_found = 0;
        for (std::size_t i = 0; i < units; ++i) {
            if (asked.units[i].action && (asked.actions & document.actions) != 0)
                here[i] = std::max(here[i], 0.9);
            covered[i] = std::max(covered[i], here[i]);
            query_found += here[i] * asked.units[i].idf * asked.units[i].weight;
        }
        const double query_share = asked.mass > 0 ? query_found / asked.mass : 0.0;
        const double text_share = text.mass > 0 ? std::min(asked_mass / text.mass, 1.0) : 0.0;
        candidate.named = candidate.named || std::min(query_share, text_share) > all_of_it;
        if (query_share + 0.6 * text_share > best_sum) {
            best_sum = query_share + 0.6 * text_share;
            best_text = text_share;
            best_query = query_share;
            best_order = static_cast<double>(std::popcount(followed)) /
                         static_cast<double>(std::max<std::size_t>(units, 2) - 1);
        }
    }
    double all_found = 0;
    for (std::size_t i = 0; i < asked.units.size(); ++i)
        all_found += covered[i] * asked.units[i].idf * asked.units[i].weight;
    const double anywhere = asked.mass > 0 ? all_found / asked.mass : 0.0;
    candidate.query_coverage = 0.5 * (best_query + anywhere);
    candidate.text_coverage = best_text;
    candidate.rare_missing = 0;
    for (std::size_t i = 0; i < asked.units.size(); ++i)
        candidate.rare_missing = std::max(
            candidate.rare_missing,
            (1 - covered[i]) * asked.units[i].idf * asked.units[i].weight / most_idf);

    double fit = 0;
    std::uint32_t unasked = document.conditions & ~(asked.conditions | asked.allowed);
    if (asked.age && document.ages.is_told()) {
        fit += document.ages.has(*asked.age) ? age_found : -age_other;
        unasked &= ~below_an_age;
    }
    const std::uint32_t does = document.actions & telling;
    const std::uint32_t wants = asked.actions & telling;
    if ((does & wants) != 0)
        fit += weights.action_found;
    else if (does != 0)
        fit -= asked.actions != 0 ? weights.action_other : weights.action_unasked;
    else if (wants != 0)
        fit -= weights.action_missing;
    if ((document.actions & asked.actions & issue) != 0)
        fit += weights.first_issue;
    fit -= weights.condition_unasked * std::popcount(unasked);
    fit -= weights.condition_missing * std::popcount(asked.conditions & ~document.conditions);
    candidate.rank = weights.lexical * std::min(candidate.lexical, most_lexical) +
                     weights.query_coverage * candidate.query_coverage +
                     weights.text_coverage * candidate.text_coverage + weights.order * best_order -
                     weights.rare_missing * candidate.rare_missing +
                     fit * std::min(1.0, 1.5 * candidate.query_coverage) +
                     level_prior(asked.level, document.level, weights) +
                     weights.popularity * static_cast<double>(document.popularity) -
                     (document.shown.for_citizens ? 0.0 : weights.not_for_citizens);
}

std::vector<ranked> procedure_index::state::rank(const query& asked) const
{
    std::vector<float> scores(documents.size(), 0.0F);
    const query_terms terms = terms_of(asked);
    for (const query_term& term : terms.all()) {
        const auto weight = static_cast<float>(term.weight);
        for (const posting& one : postings[term.id])
            scores[one.document] += weight * one.impact;
    }
    std::vector<std::uint32_t> best; // a heap, the worst in front
    const auto better = [&scores](std::uint32_t a, std::uint32_t b) {
        return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
    };
    float least = 0; // to be beaten; of equals the first stays
    for (std::uint32_t i = 0; i < scores.size(); ++i) {
        if (scores[i] <= least)
            continue;
        if (best.size() == most_candidates) {
            std::ranges::pop_heap(best, better);
            best.pop_back();
        }
        best.push_back(i);
        std::ranges::push_heap(best, better);
        if (best.size() == most_candidates)
            least = scores[best.front()];
    }
    std::vector<ranked> order;
    order.reserve(best.size());
    for (const std::uint32_t i : best)
        order.push_back({i, static_cast<double>(scores[i]) / asked.mass, 0, 0, 0, 0});
    for (ranked& candidate : order)
        look_closely(asked, terms, candidate);
    std::sort(order.begin(), order.end(), [](const ranked& a, const ranked& b) {
        return a.rank != b.rank ? a.rank > b.rank : a.document < b.document;
    });
    return order;
}

namespace {

constexpr double unsure = 0.7;     // at most, of the best of two that are hard to tell apart
constexpr double near_rival = 0.8; // a second as sure as this makes the first contested,
                                   // unless that is called by one of its names

double confidence(const ranked& hit, double margin, const search_weights& weights)
{
    const double certainty = weights.sure_base + weights.sure_query * hit.query_coverage +
                             weights.sure_text * hit.text_coverage +
                             weights.sure_lexical * std::min(hit.lexical, most_lexical) +
                             weights.sure_margin * std::clamp(margin, -0.3, 0.3) -
                             weights.sure_rare_missing * hit.rare_missing;
    return 1 / (1 + std::exp(-certainty));
}

} // namespace

search_result procedure_index::state::decide(
    const query& asked, const std::vector<ranked>& order, std::size_t top) const
{
    search_result found;
    if (order.empty())
        return found;
    const auto level_of = [this](const ranked& one) { return documents[one.document].level; };
    const auto is_twin = [this, &order](const ranked& one) {
        return documents[one.document].twins == documents[order[0].document].twins;
    };
    // "làm lại": what does not do that is no rival of what does.
    const auto does = [this, wants = asked.actions & telling](const ranked& one) {
        return (documents[one.document].actions & wants) != 0;
    };
    // The same procedure at a higher level is no rival of the one that won.
    double rival = 0;
    bool contested = false; // by one of the same name and level, or by one almost as good
    for (std::size_t i = 1; i < order.size(); ++i) {
        if (is_twin(order[i])) {
            contested = contested || level_of(order[i]) == level_of(order[0]);
            continue;
        }
        rival = order[i].rank;
        break;
    }
    for (std::size_t i = 0; i < std::min(std::max<std::size_t>(top, 1), order.size()); ++i) {
        const indexed_document& document = documents[order[i].document];
        const double ahead = order[i].rank - (i == 0 ? rival : order[0].rank);
        const double sure = confidence(order[i], ahead, weights);
        const bool rivals = order[i].named || (sure >= near_rival && !order[0].named);
        if (i > 0 && !is_twin(order[i]) && rivals && (does(order[i]) || !does(order[0])))
            contested = true;
        found.hits.push_back({document.shown.code, document.shown.name, sure});
    }
    // "kết hôn với người nước ngoài" is not answered with the plain procedure as if it were
    // certain.
    const bool lacks_condition =
        (asked.conditions & ~documents[order.front().document].conditions) != 0;
    if (contested || lacks_condition)
        found.hits.front().score = std::min(found.hits.front().score, unsure);
    else if (order.front().named)
        found.hits.front().score = std::max(found.hits.front().score, weights.answer_from);
    for (std::size_t i = 1; i < found.hits.size(); ++i)
        found.hits[i].score = std::min(found.hits[i].score, found.hits[i - 1].score);
    const double best = found.hits.front().score;
    found.verdict = best >= weights.answer_from ? decision::answer
                    : best >= weights.ask_from  ? decision::ask
                                                : decision::none;
    return found;
}

std::optional<search_result>
procedure_index::state::by_procedure_code(const text::normalised& message, std::size_t top) const
{
    for (const text::slot& slot : message.slots) {
        if (slot.kind != text::slot_kind::procedure_code)
            continue;
        search_result found;
        if (const auto at = by_code.find(slot.value); at != by_code.end()) {
            found.hits.push_back({slot.value, documents[at->second].shown.name, 1.0});
            found.verdict = decision::answer;
            return found;
        }
        const std::string typed = digits_of(slot.value);
        std::vector<std::uint32_t> near;
        for (std::uint32_t i = 0; i < documents.size(); ++i)
            if (within_one_edit(typed, digits_of(documents[i].shown.code)))
                near.push_back(i);
        for (const std::uint32_t i : near)
            if (found.hits.size() < std::max<std::size_t>(top, 1))
                found.hits.push_back(
                    {documents[i].shown.code,
                     documents[i].shown.name,
                     unsure / static_cast<double>(near.size())});
        if (!found.hits.empty()) {
            found.verdict = decision::ask;
            return found;
        }
    }
    return std::nullopt;
}

search_result procedure_index::state::find(query asked, const search_context& context) const
{
    if (context.level != level_hint::none)
        asked.level = context.level;
    return decide(asked, rank(asked), context.top);
}

procedure_index::procedure_index(
    std::vector<search_document> documents,
    const std::vector<synonym>& synonyms,
    const text::normaliser& words,
    const search_weights& weights)
{
    auto built = std::make_unique<state>();
    built->weights = weights;
    for (search_document& document : documents)
        built->add(std::move(document), words);
    for (const synonym& row : synonyms) {
        built->add_synonym(row.from, row.to, row.weight, words);
        if (row.both_ways)
            built->add_synonym(row.to, row.from, row.weight, words);
    }
    built->finish();
    state_ = std::move(built);
}

procedure_index::~procedure_index() = default;
procedure_index::procedure_index(procedure_index&&) noexcept = default;
procedure_index& procedure_index::operator=(procedure_index&&) noexcept = default;

search_result
procedure_index::search(const text::normalised& message, const search_context& context) const
{
    if (auto found = state_->by_procedure_code(message, context.top))
        return std::move(*found);
    std::vector<text::token> tokens = message.tokens;
    std::erase_if(tokens, [](const text::token& token) {
        return token.placeholder || !has_letter_or_digit(token);
    });
    query asked = state_->read(tokens);
    // Nothing but a question's frame, or an action without an object: it is about the procedure of
    // the conversation.
    const auto names_nothing = [](const query& one) {
        return std::ranges::all_of(
            one.units, [](const query_unit& unit) { return unit.action && !unit.replaced; });
    };
    if (names_nothing(asked))
        return {};
    double said = 0;
    for (const query_unit& unit : asked.units)
        said += unit.action && !unit.replaced ? 0.0 : unit.weight;
    search_result found = state_->find(std::move(asked), context);
    found.said = said;
    const auto score = [](const search_result& one) {
        return one.hits.empty() ? 0.0 : one.hits.front().score;
    };
    if (found.verdict == decision::answer)
        return found;
    if (const auto better = state_->mended(tokens); !better.empty())
        if (query other = state_->read(better); !names_nothing(other))
            if (search_result also = state_->find(std::move(other), context);
                score(also) > score(found) + worth_mending)
                return also;
    return found;
}

void procedure_index::reweigh(const search_weights& weights)
{
    state_->weights = weights;
}

std::size_t procedure_index::size() const
{
    return state_->documents.size();
}

} // namespace motcua::understand
