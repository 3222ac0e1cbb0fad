#include "spelling.hpp"
#include "utf8.hpp"

#include <motcua/core/text/ascii.hpp>
#include <motcua/core/text/normaliser.hpp>
#include <motcua/core/text/syllables.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

namespace motcua::text {
namespace {

constexpr std::size_t message_limit = 4000; // code points
constexpr std::size_t context_reach = 3;    // tokens on either side
// A pass may bring about what the next one recognises; more passes than this never helped.
constexpr int pass_limit = 4;
// With more unknown words than this a text is not the bot's language, and looking each up takes
// long.
constexpr std::ptrdiff_t most_unknown_words = 100;
// Loan words up to this length that are also keystrokes (max, mã) give way in a message that has
// other keystrokes, as numbered houses do (a1).
constexpr std::size_t doubtful_loanword = 3;
// A word of the vocabulary seen less often may be a slip itself.
constexpr std::uint32_t repeated = 3;

// A token on its way through one pass; the range is in the text of the pass.
struct piece
{
    std::string text;
    std::string folded;
    std::size_t begin;
    std::size_t end;
    bool placeholder = false;
    bool marked = false;
    bool settled = false; // an expansion: later steps leave it alone
};

struct shorthand_row
{
    std::vector<std::string> words; // folded, unless the row was written with marks
    std::vector<std::string> expansion;
    std::vector<std::string> context;
};

std::vector<std::string> split_words(std::string_view text)
{
    std::vector<std::string> words;
    std::string word;
    for (std::size_t at = 0; at < text.size();) {
        const char32_t value = next_code_point(text, at);
        if (is_word_character(value)) {
            append(word, value);
        } else if (!word.empty()) {
            words.push_back(std::move(word));
            word.clear();
        }
    }
    if (!word.empty())
        words.push_back(std::move(word));
    return words;
}

bool is_ascii(std::string_view text)
{
    return std::none_of(text.begin(), text.end(), [](char letter) {
        return static_cast<unsigned char>(letter) >= 0x80;
    });
}

// At most two of the same letter in a row; digits stay.
std::string cut_repeats(std::string_view word)
{
    std::string result;
    char32_t last = 0;
    int run = 0;
    for (std::size_t at = 0; at < word.size();) {
        const char32_t value = next_code_point(word, at);
        run = value == last ? run + 1 : 1;
        last = value;
        if (run <= 2 || (value >= U'0' && value <= U'9'))
            append(result, value);
    }
    return result;
}

// One of each run of letters that are the same but for their marks: "dạaa" -> "dạ".
std::string without_repeats(std::string_view word)
{
    std::string result;
    std::string last;
    for (std::size_t at = 0; at < word.size();) {
        const std::size_t begin = at;
        next_code_point(word, at);
        const std::string_view letter = word.substr(begin, at - begin);
        std::string folded = fold(letter);
        if (folded != last)
            result += letter;
        last = std::move(folded);
    }
    return result;
}

bool is_known_word(const piece& word)
{
    return word.marked ? is_syllable(word.text) : is_folded_syllable(word.text);
}

// "a1", "to5": more likely a house, a group or a paper size than VNI keys.
bool looks_like_number(std::string_view word)
{
    static const std::array<std::string_view, 5> counted{"to", "so", "lo", "ap", "khu"};
    const std::string_view letters = word.substr(0, word.size() - 1);
    return is_digit(word.back()) &&
           (letters.size() == 1 ||
            std::find(counted.begin(), counted.end(), letters) != counted.end());
}

void set_text(piece& word, std::string text)
{
    word.text = std::move(text);
    word.folded = fold(word.text);
}

// The placeholder that begins at `at`, if any: "<phone>".
std::string_view placeholder_at(std::string_view text, std::size_t at)
{
    static const std::vector<std::string> all = [] {
        std::vector<std::string> names;
        for (int kind = 0; kind <= static_cast<int>(slot_kind::url); ++kind)
            names.push_back("<" + std::string(name(static_cast<slot_kind>(kind))) + ">");
        return names;
    }();
    const auto found = std::find_if(all.begin(), all.end(), [text, at](const std::string& one) {
        return text.substr(at).starts_with(one);
    });
    return found == all.end() ? std::string_view() : std::string_view(*found);
}

// Words and placeholders of an NFC text, in lower case; everything else parts them.
std::vector<piece> tokenise(std::string_view nfc, const std::vector<slot>& slots)
{
    std::vector<piece> pieces;
    std::string word;
    std::size_t word_begin = 0;
    bool has_marks = false; // of its own; some compose with the small letter only
    const auto finish = [&pieces, &word, &word_begin, &has_marks](std::size_t end) {
        if (word.empty())
            return;
        if (has_marks)
            word = to_nfc(word);
        has_marks = false;
        piece one{.text = std::move(word), .folded = {}, .begin = word_begin, .end = end};
        word.clear();
        one.folded = fold(one.text);
        one.marked = one.folded != one.text;
        if (!one.folded.empty())
            pieces.push_back(std::move(one));
    };
    const auto place = [&pieces](std::string text, std::size_t begin, std::size_t end) {
        std::string folded = text;
        pieces.push_back(
            {.text = std::move(text),
             .folded = std::move(folded),
             .begin = begin,
             .end = end,
             .placeholder = true});
    };
    auto next_slot = slots.begin();
    for (std::size_t at = 0; at < nfc.size();) {
        if (next_slot != slots.end() && at == next_slot->begin) {
            finish(at);
            place("<" + std::string(name(next_slot->kind)) + ">", at, next_slot->end);
            at = next_slot->end;
            ++next_slot;
            continue;
        }
        const std::size_t begin = at;
        const char32_t value = next_code_point(nfc, at);
        if (is_word_character(value)) {
            if (word.empty())
                word_begin = begin;
            append(word, lower(value));
            has_marks = has_marks || is_combining(value);
            continue;
        }
        finish(begin);
        if (value != U'<')
            continue;
        if (const std::string_view held = placeholder_at(nfc, begin); !held.empty()) {
            at = begin + held.size();
            place(std::string(held), begin, at);
        }
    }
    finish(nfc.size());
    return pieces;
}

std::string join(const std::vector<piece>& pieces)
{
    std::string text;
    for (const piece& one : pieces) {
        if (!text.empty())
            text.push_back(' ');
        text += one.text;
    }
    return text;
}

std::vector<std::string> known_words_of(const std::string& text)
{
    std::vector<std::string> known;
    for (const piece& one : tokenise(text, {}))
        known.push_back(unify_tone_placement(one.text));
    return known;
}

} // namespace

struct normaliser::state
{
    lexicon words;
    word_map<std::vector<shorthand_row>>
        shorthands;           // by first folded word; longer rows first, then those with a context
    word_set shorthand_words; // folded
    word_set loanwords;
    spelling_book book;
    spelling_book runs; // of words without blanks: the common phrases count, too

    explicit state(lexicon given);

    std::vector<piece> pass(std::string_view nfc, const std::vector<slot>& slots) const;
    normalised
    finish(const mapped_text& source, std::vector<piece> pieces, std::vector<slot> slots) const;

    std::vector<piece> expand(std::vector<piece> pieces) const;
    const shorthand_row* find_row(const std::vector<piece>& pieces, std::size_t at) const;
    void decode(std::vector<piece>& pieces) const;
    void reduce(piece& word) const;
    bool is_known(const piece& word) const;
    bool is_legible(const piece& word, std::string_view typed) const;
    std::vector<piece> join_parts(std::vector<piece> pieces) const;
    std::vector<piece> split_runs(std::vector<piece> pieces) const;
    void correct(std::vector<piece>& pieces) const;
};

normaliser::state::state(lexicon given) : words(std::move(given))
{
    for (const abbreviation& one : words.abbreviations) {
        shorthand_row row{split_words(lower(one.shorthand)), split_words(lower(one.expansion)), {}};
        if (row.words.empty() || row.expansion.empty() || row.words == row.expansion)
            continue;
        for (const std::string& word : one.context)
            row.context.push_back(fold(word));
        for (const std::string& word : row.words)
            shorthand_words.insert(fold(word));
        shorthands[fold(row.words.front())].push_back(std::move(row));
    }
    for (auto& [first, rows] : shorthands)
        std::stable_sort(
            rows.begin(), rows.end(), [](const shorthand_row& left, const shorthand_row& right) {
                return left.words.size() != right.words.size()
                           ? left.words.size() > right.words.size()
                           : !left.context.empty() && right.context.empty();
            });
    for (const std::string& word : words.loanwords)
        loanwords.insert(fold(word));
    for (spelling_book* const one : {&book, &runs}) {
        for (const std::string& word : loanwords)
            one->accept(word);
        for (const auto& [word, rows] : shorthands)
            one->accept(word);
    }
    for (const std::string& text : words.vocabulary) {
        const std::vector<std::string> known = known_words_of(text);
        book.learn(known);
        runs.learn(known);
    }
    for (const std::string& text : words.common_phrases)
        runs.learn(known_words_of(text));
    book.build_index();
}

// A row written with marks wants them; one without fits "dc" and "đc", but no syllable that has its
// marks.
bool fits(const std::string& shorthand, const piece& word)
{
    if (word.placeholder || word.settled)
        return false;
    if (!is_ascii(shorthand))
        return shorthand == word.text;
    return shorthand == word.folded && !(word.marked && is_syllable(word.text));
}

// The letters with marks in what was typed are in what it stands for: "gtờ" may be "giấy tờ",
// "ttức" is no "thủ tục".
bool keeps_marks(std::span<const piece> typed, const shorthand_row& row)
{
    return std::ranges::all_of(typed, [&row](const piece& word) {
        for (std::size_t at = 0; at < word.text.size();) {
            const std::size_t begin = at;
            if (next_code_point(word.text, at) < 0x80)
                continue;
            const std::string_view letter = std::string_view(word.text).substr(begin, at - begin);
            const auto has_letter = [letter](const std::string& one) {
                return one.find(letter) != std::string::npos;
            };
            if (std::ranges::none_of(row.expansion, has_letter) &&
                std::ranges::none_of(row.words, has_letter))
                return false;
        }
        return true;
    });
}

bool has_context(
    const std::vector<std::string>& context,
    const std::vector<piece>& pieces,
    std::size_t begin,
    std::size_t end)
{
    const auto wanted = [&context, &pieces](std::size_t at) {
        return std::find(context.begin(), context.end(), pieces[at].folded) != context.end();
    };
    for (std::size_t at = begin > context_reach ? begin - context_reach : 0; at < begin; ++at)
        if (wanted(at))
            return true;
    for (std::size_t at = end; at < std::min(pieces.size(), end + context_reach); ++at)
        if (wanted(at))
            return true;
    return false;
}

const shorthand_row*
normaliser::state::find_row(const std::vector<piece>& pieces, std::size_t at) const
{
    const auto found = shorthands.find(pieces[at].folded);
    if (found == shorthands.end())
        return nullptr;
    // A letter behind a number is a unit: 50 k, 3 m.
    if (pieces[at].text.size() == 1 && at > 0 &&
        std::all_of(pieces[at - 1].text.begin(), pieces[at - 1].text.end(), is_digit))
        return nullptr;
    for (const shorthand_row& row : found->second) {
        const std::size_t end = at + row.words.size();
        if (end > pieces.size() ||
            !std::equal(
                row.words.begin(),
                row.words.end(),
                pieces.begin() + static_cast<std::ptrdiff_t>(at),
                fits) ||
            !keeps_marks(std::span(pieces).subspan(at, row.words.size()), row))
            continue;
        if (row.context.empty() || has_context(row.context, pieces, at, end))
            return &row;
    }
    return nullptr;
}

std::vector<piece> normaliser::state::expand(std::vector<piece> pieces) const
{
    std::vector<piece> result;
    result.reserve(pieces.size());
    for (std::size_t at = 0; at < pieces.size();) {
        const shorthand_row* const row = find_row(pieces, at);
        if (row == nullptr) {
            result.push_back(pieces[at++]);
            continue;
        }
        const std::size_t end = at + row->words.size();
        const bool marked = std::any_of(
            pieces.begin() + static_cast<std::ptrdiff_t>(at),
            pieces.begin() + static_cast<std::ptrdiff_t>(end),
            [](const piece& one) { return one.marked; });
        for (const std::string& word : row->expansion)
            result.push_back(
                {.text = word,
                 .folded = fold(word),
                 .begin = pieces[at].begin,
                 .end = pieces[end - 1].end,
                 .marked = marked,
                 .settled = true});
        at = end;
    }
    return result;
}

void normaliser::state::decode(std::vector<piece>& pieces) const
{
    std::vector<std::pair<piece*, std::string>> doubtful;
    bool telex = false; // the message has Telex for sure
    bool vni = false;
    const auto has_digit = [](std::string_view keys) {
        return std::any_of(keys.begin(), keys.end(), is_digit);
    };
    const auto set_decoded = [](piece& word, std::string decoded) {
        set_text(word, std::move(decoded));
        word.marked = word.folded != word.text;
    };
    for (piece& word : pieces) {
        if (word.placeholder || word.settled || word.marked || !is_ascii(word.text))
            continue;
        // "coong" is both a rare syllable and the keys of "công".
        if (is_folded_syllable(word.text) && word.text.find("oo") == std::string::npos)
            continue;
        const bool loan = loanwords.contains(word.text);
        // Who writes the examples types no keystrokes: "lost" there is a word.
        if ((loan || book.knows(word.text)) && word.text.size() > doubtful_loanword)
            continue;
        auto decoded = decode_keystrokes(word.text);
        if (!decoded)
            continue;
        if (loan || looks_like_number(word.text)) {
            doubtful.emplace_back(&word, std::move(*decoded));
            continue;
        }
        (has_digit(word.text) ? vni : telex) = true;
        set_decoded(word, std::move(*decoded));
    }
    for (auto& [word, decoded] : doubtful)
        if (has_digit(word->text) ? vni : telex)
            set_decoded(*word, std::move(decoded));
}

// Words the spelling steps leave alone.
bool normaliser::state::is_known(const piece& word) const
{
    return word.placeholder || word.settled || is_folded_syllable(word.folded) ||
           loanwords.contains(word.folded) || shorthand_words.contains(word.folded) ||
           book.knows(word.folded, repeated);
}

// `typed`: what the word was made of.
bool normaliser::state::is_legible(const piece& word, std::string_view typed) const
{
    if (word.placeholder)
        return true;
    const std::string letters = lower(typed);
    piece as_typed = word;
    as_typed.settled = false;
    set_text(as_typed, letters);
    const bool one_word = letters.find(' ') == std::string::npos;
    return (one_word && (is_known(as_typed) || std::ranges::all_of(letters, is_digit) ||
                         (is_ascii(letters) && decode_keystrokes(letters)))) ||
           (as_typed.folded.find(word.folded) != std::string::npos && is_known(word)) ||
           // An expansion of several words, or parts that were joined.
           (!one_word && word.settled);
}

// "đâuu" -> "đâu", if that makes a syllable of it.
void normaliser::state::reduce(piece& word) const
{
    if (word.placeholder || word.settled || is_known_word(word) || loanwords.contains(word.folded))
        return;
    piece shorter = word;
    set_text(shorter, without_repeats(word.text));
    shorter.marked = shorter.folded != shorter.text;
    if (shorter.text.size() > 1 && shorter.text != word.text && is_known_word(shorter))
        word = std::move(shorter);
}

// "kh ai sinh" -> "khai sinh": two parts of which one is no syllable, if a neighbour agrees.
std::vector<piece> normaliser::state::join_parts(std::vector<piece> pieces) const
{
    std::vector<piece> result;
    result.reserve(pieces.size());
    for (std::size_t at = 0; at < pieces.size(); ++at) {
        result.push_back(std::move(pieces[at]));
        piece& left = result.back();
        if (at + 1 == pieces.size() || left.placeholder || pieces[at + 1].placeholder)
            continue;
        const piece& right = pieces[at + 1];
        if (is_folded_syllable(left.folded) && is_folded_syllable(right.folded))
            continue;
        const std::string whole = left.folded + right.folded;
        if (!is_folded_syllable(whole) || !book.knows(whole))
            continue;
        const bool agrees =
            (result.size() > 1 && book.follows(result[result.size() - 2].folded, whole)) ||
            (at + 2 < pieces.size() && book.follows(whole, pieces[at + 2].folded));
        if (!agrees || book.follows(left.folded, right.folded))
            continue;
        set_text(left, left.text + right.text);
        left.end = right.end;
        left.marked = left.marked || right.marked;
        ++at;
    }
    return result;
}

// "khaisinh" -> "khai sinh"
std::vector<piece> normaliser::state::split_runs(std::vector<piece> pieces) const
{
    std::vector<piece> result;
    result.reserve(pieces.size());
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        piece& one = pieces[i];
        const std::vector<std::string> parts =
            is_known(one) ? std::vector<std::string>() : runs.split(one.folded, one.text);
        const std::string_view left = result.empty() ? std::string_view() : result.back().folded;
        const std::string_view right =
            i + 1 == pieces.size() ? std::string_view() : pieces[i + 1].folded;
        // "dihc vu" is rather "dich vu" than "di hc vu".
        if (parts.empty() ||
            (!runs.are_neighbours(parts) && book.is_slip(left, one.folded, right))) {
            result.push_back(std::move(one));
            continue;
        }
        std::size_t at = 0; // in the text, which has as many letters as its folded form
        for (const std::string& part : parts) {
            const std::size_t begin = at;
            for (std::size_t letters = part.size(); letters > 0; --letters)
                next_code_point(one.text, at);
            piece made = one;
            set_text(made, one.text.substr(begin, at - begin));
            if (made.folded != made.text && !is_syllable(made.text))
                set_text(made, book.accented(part, made.text));
            made.marked = one.marked && made.folded != made.text;
            result.push_back(std::move(made));
        }
    }
    return result;
}

void normaliser::state::correct(std::vector<piece>& pieces) const
{
    std::vector<typed_word> typed;
    typed.reserve(pieces.size());
    for (const piece& word : pieces) {
        const bool syllable =
            word.marked ? has_syllable_letters(word.text) : is_folded_syllable(word.folded);
        const bool kept = word.placeholder || word.settled ||
                          (!word.marked && (loanwords.contains(word.folded) ||
                                            shorthand_words.contains(word.folded)));
        typed.push_back(
            {.text = word.text,
             .folded = word.folded,
             .open = !kept,
             .plausible = kept || syllable || (!word.marked && book.knows(word.folded, 3))});
    }
    const std::vector<std::string> meant = book.correct(typed);
    for (std::size_t at = 0; at < pieces.size(); ++at)
        if (piece& word = pieces[at]; !meant[at].empty())
            set_text(word, word.marked ? book.accented(meant[at], word.text) : meant[at]);
}

std::vector<piece>
normaliser::state::pass(std::string_view nfc, const std::vector<slot>& slots) const
{
    std::vector<piece> pieces = tokenise(nfc, slots);
    for (piece& word : pieces)
        if (!word.placeholder && !shorthand_words.contains(word.folded) &&
            !loanwords.contains(word.folded))
            set_text(word, unify_tone_placement(cut_repeats(word.text)));
    pieces = expand(join_parts(std::move(pieces)));
    decode(pieces);
    for (piece& word : pieces)
        reduce(word);
    const auto unknown = std::count_if(
        pieces.begin(), pieces.end(), [this](const piece& word) { return !is_known(word); });
    if (unknown > most_unknown_words)
        return pieces;
    pieces = split_runs(std::move(pieces));
    correct(pieces);
    return pieces;
}

// The pieces of a pass over `text`, which was joined from `earlier`, in the places those came from.
std::vector<piece>
traced(std::vector<piece> pieces, const std::vector<piece>& earlier, std::vector<slot>& new_slots)
{
    std::vector<std::size_t> ends; // of the earlier pieces, in the joined text
    std::size_t length = 0;
    for (const piece& one : earlier) {
        length += (length == 0 ? 0U : 1U) + one.text.size();
        ends.push_back(length);
    }
    const auto source = [&ends](std::size_t at) {
        return static_cast<std::size_t>(
            std::upper_bound(ends.begin(), ends.end(), at) - ends.begin());
    };
    for (slot& one : new_slots) {
        const std::size_t first = source(one.begin);
        one.end = earlier[source(one.end - 1)].end;
        one.begin = earlier[first].begin;
    }
    for (piece& one : pieces) {
        const std::size_t first = source(one.begin);
        const std::size_t last = source(one.end - 1);
        one.begin = earlier[first].begin;
        one.end = earlier[last].end;
        one.marked = false;
        for (std::size_t at = first; at <= last; ++at)
            one.marked = one.marked || earlier[at].marked;
    }
    return pieces;
}

normalised normaliser::state::finish(
    const mapped_text& source, std::vector<piece> pieces, std::vector<slot> slots) const
{
    normalised result;
    result.tokens.reserve(pieces.size());
    std::size_t legible = 0;
    for (piece& one : pieces) {
        const auto typed = std::string_view(source.nfc).substr(one.begin, one.end - one.begin);
        legible += is_legible(one, typed) ? 1U : 0U;
        if (!result.text.empty()) {
            result.text.push_back(' ');
            result.folded.push_back(' ');
        }
        result.text += one.text;
        result.folded += one.folded;
        result.tokens.push_back(
            {std::move(one.text),
             std::move(one.folded),
             source.raw_begin[one.begin],
             source.raw_end[one.end - 1],
             one.placeholder,
             one.marked});
    }
    if (!pieces.empty())
        result.legible_share = static_cast<double>(legible) / static_cast<double>(pieces.size());
    result.slots = std::move(slots);
    return result;
}

normaliser::normaliser(lexicon words) : state_(std::make_unique<const state>(std::move(words))) {}

normaliser::~normaliser() = default;
normaliser::normaliser(normaliser&&) noexcept = default;
normaliser& normaliser::operator=(normaliser&&) noexcept = default;

normalised normaliser::normalise(std::string_view raw) const
{
    const mapped_text source = to_mapped_nfc(raw, message_limit);
    std::vector<slot> slots = find_slots(source.nfc);
    std::vector<piece> pieces = state_->pass(source.nfc, slots);
    std::string before = source.nfc;
    std::string text = join(pieces);
    for (int passes = 1; passes < pass_limit && text != before; ++passes) {
        std::vector<slot> new_slots = find_slots(text);
        pieces = traced(state_->pass(text, new_slots), pieces, new_slots);
        slots.insert(slots.end(), new_slots.begin(), new_slots.end());
        before = std::move(text);
        text = join(pieces);
    }
    std::sort(slots.begin(), slots.end(), [](const slot& left, const slot& right) {
        return left.begin < right.begin;
    });
    return state_->finish(source, std::move(pieces), std::move(slots));
}

normalised normaliser::normalise_official(std::string_view raw) const
{
    const mapped_text source = to_mapped_nfc(raw, message_limit);
    std::vector<slot> slots = find_slots(source.nfc);
    std::vector<piece> pieces = tokenise(source.nfc, slots);
    for (piece& word : pieces)
        if (!word.placeholder && word.marked)
            set_text(word, unify_tone_placement(word.text));
    return state_->finish(source, std::move(pieces), std::move(slots));
}

const lexicon& normaliser::words() const
{
    return state_->words;
}

} // namespace motcua::text
