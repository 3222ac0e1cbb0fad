#pragma once

#include <motcua/core/text/slots.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// The one normaliser for training, queries and index (understanding.md section 3).
namespace motcua::text {

// One row of intents/abbreviations.yml. Written without marks, a shorthand fits what is typed with
// and without them ("dc", "đc"); written with marks it fits only that ("mún"). An empty context
// means always; of several rows for one shorthand, those with a fitting context come first.
struct abbreviation
{
    std::string shorthand;            // lower case, "cccd", "ko"; may be several words ("ko dc")
    std::string expansion;            // accented: "căn cước công dân"
    std::vector<std::string> context; // folded words, one of which must stand within three tokens
};

// What the normaliser knows. All strings NFC.
struct lexicon
{
    std::vector<abbreviation> abbreviations;
    std::vector<std::string>
        loanwords; // folded words the keystroke decoder must leave alone: "test", "zalo"
    std::vector<std::string>
        vocabulary; // texts whose words are known spellings; repeated words weigh more
    std::vector<std::string> common_phrases; // where a blank may be missing, besides; nothing is
                                             // corrected to their words
};

struct token
{
    std::string text;      // normalised, accented as far as it was: "khai"
    std::string folded;    // "khai"
    std::size_t raw_begin; // byte range of the raw text this token came from
    std::size_t raw_end;
    bool placeholder = false; // stands for a slot; text and folded are "<dossier_code>" and so on
    bool marked = false;      // the citizen typed (or keyed in Telex/VNI) at least one mark in it
};

struct normalised
{
    std::string text; // tokens joined by one blank
    std::string folded;
    std::vector<token> tokens;
    std::vector<slot> slots; // byte ranges refer to the NFC of the raw text
    // 0..1, of the tokens: typed as a syllable, a known word, a number or their keystrokes, and not
    // only made into a word by correcting. 1 without tokens. Low for keys hit at random.
    double legible_share = 1;
};

// Immutable once built; safe to use from several threads. Building costs time and memory: do it
// once.
class normaliser
{
public:
    explicit normaliser(lexicon words);
    ~normaliser();
    normaliser(normaliser&&) noexcept;
    normaliser& operator=(normaliser&&) noexcept;

    // For what people type. Total: accepts any bytes; work is linear in the length. Beyond 4,000
    // code points the rest is ignored. Idempotent on its own `text`.
    normalised normalise(std::string_view raw) const;

    // For official names and other texts known to be spelt right: steps 1, 2 and 6 only (no
    // abbreviations, keystrokes or spelling).
    normalised normalise_official(std::string_view raw) const;

    const lexicon& words() const;

private:
    struct state;
    std::unique_ptr<const state> state_;
};

} // namespace motcua::text
