#include "utf8.hpp"

#include <motcua/core/text/syllables.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <unordered_set>

namespace motcua::text {
namespace {

constexpr std::size_t longest_syllable = 8; // letters; "nghiêng" has seven
constexpr std::size_t longest_keystrokes = 14;
constexpr int readings_limit = 1000; // steps of one search; honest runs need fewer than a hundred

// Tones in the order of `vowels`.
enum tone : std::uint8_t
{
    ngang,
    huyen,
    sac,
    hoi,
    nga,
    nang
};

struct string_hash
{
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const
    {
        return std::hash<std::string_view>{}(text);
    }
};

struct spelling
{
    std::size_t tone_at;  // letter that carries the tone: hòa
    std::size_t other_at; // where the newer style puts it: hoà; the same for most
    bool stopped;         // ends in c, ch, p, t: only sắc and nặng
};

// Toneless syllables with their marks, and all of them folded.
struct syllable_table
{
    std::unordered_map<std::string, spelling, string_hash, std::equal_to<>> spellings;
    std::unordered_set<std::string, string_hash, std::equal_to<>> folded;
};

// The rimes of quốc ngữ, without tone, by what may stand before them.
constexpr std::string_view plain_rimes = // after any onset that its first letter allows
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "
    "e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu "
    "iêc iêm iên iêng iêp iêt iêu o oc oi om on ong op ot ô ôc ôi ôm ôn ông ôp ôt "
    "ơ ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uôc uôi uôm uôn uông uôt "
    "ư ưa ưc ưi ưm ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu";
constexpr std::string_view rounded_rimes = // not after lips (b m p ph v) nor after c, k, gi, qu
    "oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oem oen oeo oet "
    "uân uâng uât uây uê uêch uên uêt uênh uơ uy uya uych uyn uynh uyt uyu uyp uyên uyêt";
constexpr std::string_view qu_rimes =
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc ân âng ât âu ây "
    "e ec en eng eo et ê êch ên ênh êt êu i ich in inh it iu iêt iên "
    "o ôc ơ ơi ơn ơt y ych yn ynh yt yu yên yêt";
constexpr std::string_view gi_rimes = // written after "gi"
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "
    "e em en eo ep et ê ôc ôi ôm ôn ông ôp ôt o oc oi om on ong op ot ơ ơi ơm ơn "
    "u ua uc ui um un ung up ut uôc uôi uôm uôn uông uôt "
    "ư ưa ưc ưng ưt ươc ươi ươm ương ươp ươt";
constexpr std::string_view bare_rimes = "y yêm yên yêng yêt yêu"; // without an onset
constexpr std::string_view y_onsets = "h k l m s t v";            // hy, kỹ, lý …
// What the rules leave out and people write.
constexpr std::string_view single_syllables =
    "gi gin gim giêc giêng giêt giêm giên giêu buyt phuy voan xoong boong coong goong loong "
    "mooc sooc";

constexpr std::string_view onsets_before_any = "b ch d đ h l m n nh ph p r s t th tr v x kh";
constexpr std::string_view onsets_before_front = "k gh ngh"; // before e ê i
constexpr std::string_view onsets_before_back = "c g ng";
constexpr std::string_view rounded_onsets = "ch d đ g h kh l n ng nh r s t th tr x";

std::vector<std::string_view> words_of(std::string_view list)
{
    std::vector<std::string_view> words;
    for (std::size_t at = 0; at < list.size();) {
        const std::size_t end = std::min(list.find(' ', at), list.size());
        if (end > at)
            words.push_back(list.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

struct letter
{
    char32_t toneless;
    tone carried;
};

letter split_tone(char32_t value)
{
    if (value >= 0xC0)
        for (const std::u32string_view vowel : vowels)
            for (std::size_t at = 1; at < tone_count; ++at)
                if (vowel[at] == value)
                    return {vowel[0], static_cast<tone>(at)};
    return {value, ngang};
}

char32_t with_tone(char32_t toneless, tone wanted)
{
    for (const std::u32string_view vowel : vowels)
        if (vowel[0] == toneless)
            return vowel[wanted];
    return toneless;
}

bool is_vowel(char32_t toneless)
{
    return std::any_of(vowels.begin(), vowels.end(), [toneless](std::u32string_view vowel) {
        return vowel[0] == toneless;
    });
}

std::u32string letters_of(std::string_view word)
{
    std::u32string letters;
    for (std::size_t at = 0; at < word.size();)
        letters.push_back(next_code_point(word, at));
    return letters;
}

std::string to_utf8(std::u32string_view letters)
{
    std::string word;
    for (const char32_t value : letters)
        append(word, value);
    return word;
}

// Where the tone of a toneless syllable goes. The vowels are those of the rime: the u of qu and the
// i of gi before another vowel belong to the onset.
spelling spell(std::u32string_view syllable)
{
    std::size_t first = 0;
    if (syllable.starts_with(U"qu") ||
        (syllable.starts_with(U"gi") && syllable.size() > 2 && is_vowel(syllable[2])))
        first = 2;
    while (first < syllable.size() && !is_vowel(syllable[first]))
        ++first;
    std::size_t behind = first;
    while (behind < syllable.size() && is_vowel(syllable[behind]))
        ++behind;
    const std::u32string_view nucleus = syllable.substr(first, behind - first);
    const std::u32string_view ending = syllable.substr(behind);
    const bool stopped = ending == U"c" || ending == U"ch" || ending == U"p" || ending == U"t";
    const std::size_t quality = nucleus.find_last_of(U"ăâêôơ");
    const std::size_t hook = nucleus.find(U'ư');
    if (quality != std::u32string_view::npos || hook != std::u32string_view::npos) {
        const std::size_t at = first + (quality != std::u32string_view::npos ? quality : hook);
        return {at, at, stopped};
    }
    const bool rounded = nucleus == U"oa" || nucleus == U"oe" || nucleus == U"uy";
    const bool second = nucleus.size() == 3 || (nucleus.size() == 2 && !ending.empty());
    const std::size_t at = first + (second ? 1U : 0U);
    return {at, rounded ? first + 1 : at, stopped};
}

class table_builder
{
public:
    void add(std::string_view onset, std::string_view rimes)
    {
        for (const std::string_view rime : words_of(rimes))
            add_syllable(std::string(onset).append(rime));
    }

    void add_syllable(std::string_view syllable)
    {
        built_.spellings.emplace(syllable, spell(letters_of(syllable)));
        built_.folded.insert(fold(syllable));
    }

    syllable_table take() { return std::move(built_); }

private:
    syllable_table built_;
};

bool begins_front(std::string_view rime)
{
    return rime.starts_with("e") || rime.starts_with("ê") || rime.starts_with("i");
}

const syllable_table& table()
{
    static const syllable_table built = [] {
        table_builder builder;
        for (const std::string_view rime : words_of(plain_rimes)) {
            for (const std::string_view onset : words_of(onsets_before_any))
                builder.add(onset, rime);
            for (const std::string_view onset :
                 words_of(begins_front(rime) ? onsets_before_front : onsets_before_back))
                builder.add(onset, rime);
            if (!rime.starts_with("iê"))
                builder.add("", rime);
        }
        for (const std::string_view onset : words_of(rounded_onsets))
            builder.add(onset, rounded_rimes);
        builder.add("", rounded_rimes);
        builder.add("qu", qu_rimes);
        builder.add("gi", gi_rimes);
        builder.add("", bare_rimes);
        for (const std::string_view onset : words_of(y_onsets))
            builder.add(onset, "y");
        for (const std::string_view syllable : words_of(single_syllables))
            builder.add_syllable(syllable);
        return builder.take();
    }();
    return built;
}

// A word as toneless letters and at most one tone.
struct toned_word
{
    std::u32string toneless;
    tone carried = ngang;
    std::size_t tone_at = 0;
};

std::optional<toned_word> take_apart(std::string_view word)
{
    toned_word apart;
    for (std::size_t at = 0; at < word.size();) {
        const letter next = split_tone(next_code_point(word, at));
        if (apart.toneless.size() == longest_syllable)
            return std::nullopt;
        if (next.carried != ngang) {
            if (apart.carried != ngang)
                return std::nullopt;
            apart.carried = next.carried;
            apart.tone_at = apart.toneless.size();
        }
        apart.toneless.push_back(next.toneless);
    }
    return apart;
}

const spelling* find_spelling(std::string_view toneless)
{
    const auto found = table().spellings.find(toneless);
    return found == table().spellings.end() ? nullptr : &found->second;
}

bool is_tone_allowed(const spelling& rules, tone carried)
{
    return !rules.stopped || carried == sac || carried == nang;
}

std::string unify_word(std::string_view word)
{
    auto apart = take_apart(word);
    if (!apart || apart->carried == ngang)
        return std::string(word);
    const spelling* const rules = find_spelling(to_utf8(apart->toneless));
    if (rules == nullptr)
        return std::string(word);
    apart->toneless[rules->tone_at] = with_tone(apart->toneless[rules->tone_at], apart->carried);
    return to_utf8(apart->toneless);
}

// Searches the readings of a keystroke run: each key is a letter, a tone, or the mark on an earlier
// letter.
class keystroke_decoder
{
public:
    explicit keystroke_decoder(std::string_view keys)
        : keys_(keys), vni_(std::any_of(keys.begin(), keys.end(), [](char key) {
              return key >= '0' && key <= '9';
          }))
    {
    }

    std::optional<std::string> decode()
    {
        read(0);
        return std::move(found_);
    }

private:
    void read(std::size_t at)
    {
        if (found_ || ++steps_ > readings_limit)
            return;
        if (at == keys_.size()) {
            finish();
            return;
        }
        const char key = keys_[at];
        if (vni_)
            read_vni(key, at);
        else
            read_telex(key, at);
    }

    void read_vni(char key, std::size_t at)
    {
        if (key < '0' || key > '9') {
            read_letter(key, at);
            return;
        }
        switch (key) {
        case '6':
            mark(U"aeo", U"âêô", at);
            break;
        case '7':
            horn(at);
            break;
        case '8':
            mark(U"a", U"ă", at);
            break;
        case '9':
            stroke(at);
            break;
        case '0': // "so10" is a number, not "so" without its tone
            break;
        default: {
            static constexpr std::array<tone, 6> tones{ngang, sac, huyen, hoi, nga, nang};
            read_tone(tones.at(static_cast<std::size_t>(key - '0')), false, at);
        }
        }
    }

    void read_telex(char key, std::size_t at)
    {
        switch (key) {
        case 'a':
            mark(U"a", U"â", at);
            break;
        case 'e':
            mark(U"e", U"ê", at);
            break;
        case 'o':
            if (keys_.substr(at).starts_with("ooo")) { // a third o takes the mark back: xoong
                letters_ += U"oo";
                read(at + 3);
                letters_.resize(letters_.size() - 2);
            }
            mark(U"o", U"ô", at);
            break;
        case 'w':
            horn(at);
            mark(U"a", U"ă", at);
            if (!found_ && !letters_.empty() && keys_.size() > 2) {
                letters_.push_back(U'ư');
                read(at + 1);
                letters_.pop_back();
            }
            return;
        case 'd':
            stroke(at);
            break;
        case 's':
            read_tone(sac, false, at);
            break;
        case 'f':
            read_tone(huyen, false, at);
            return; // no letter of ours
        case 'r':
            read_tone(hoi, false, at);
            break;
        case 'x':
            read_tone(nga, false, at);
            break;
        case 'j':
            read_tone(nang, false, at);
            return;
        case 'z':
            read_tone(ngang, true, at);
            return;
        default:
            break;
        }
        read_letter(key, at);
    }

    void read_letter(char key, std::size_t at)
    {
        if (found_ || key < 'a' || key > 'z' || letters_.size() == longest_syllable)
            return;
        letters_.push_back(static_cast<char32_t>(key));
        read(at + 1);
        letters_.pop_back();
    }

    // One tone key, behind a vowel; the key for no tone takes an earlier one away.
    void read_tone(tone wanted, bool removes, std::size_t at)
    {
        if (found_ || std::none_of(letters_.begin(), letters_.end(), is_vowel) ||
            (!removes && tone_ != ngang))
            return;
        const tone before = tone_;
        tone_ = wanted;
        read(at + 1);
        tone_ = before;
    }

    void mark(std::u32string_view plain, std::u32string_view marked, std::size_t at)
    {
        for (std::size_t index = letters_.size(); !found_ && index-- > 0;) {
            const std::size_t which = plain.find(letters_[index]);
            if (which == std::u32string_view::npos)
                continue;
            letters_[index] = marked[which];
            read(at + 1);
            letters_[index] = plain[which];
        }
    }

    // w and 7: uo becomes ươ with one key, whichever of the two it follows.
    void horn(std::size_t at)
    {
        for (std::size_t index = letters_.size(); !found_ && index-- > 0;) {
            if (letters_[index] == U'o' && index > 0 &&
                (letters_[index - 1] == U'u' || letters_[index - 1] == U'ư')) {
                const char32_t first = letters_[index - 1];
                letters_[index - 1] = U'ư';
                letters_[index] = U'ơ';
                read(at + 1);
                letters_[index - 1] = first;
                letters_[index] = U'o';
            }
        }
        mark(U"uo", U"ươ", at);
    }

    void stroke(std::size_t at)
    {
        if (found_ || letters_.empty() || letters_[0] != U'd')
            return;
        letters_[0] = U'đ';
        read(at + 1);
        letters_[0] = U'd';
    }

    void finish()
    {
        std::u32string letters = letters_;
        // "nguwoif": an o typed behind ư is ơ.
        if (const std::size_t at = letters.find(U"ưo"); at != std::u32string::npos)
            letters[at + 1] = U'ơ';
        const spelling* const rules = find_spelling(to_utf8(letters));
        if (rules == nullptr || !is_tone_allowed(*rules, tone_))
            return;
        letters[rules->tone_at] = with_tone(letters[rules->tone_at], tone_);
        std::string word = to_utf8(letters);
        if (word != keys_)
            found_ = std::move(word);
    }

    std::string_view keys_;
    bool vni_;
    std::u32string letters_;
    tone tone_ = ngang;
    int steps_ = 0;
    std::optional<std::string> found_;
};

} // namespace

bool is_syllable(std::string_view lower_nfc)
{
    const auto apart = take_apart(lower_nfc);
    if (!apart)
        return false;
    const spelling* const rules = find_spelling(to_utf8(apart->toneless));
    return rules != nullptr && is_tone_allowed(*rules, apart->carried) &&
           (apart->carried == ngang || apart->tone_at == rules->tone_at ||
            apart->tone_at == rules->other_at);
}

bool is_folded_syllable(std::string_view folded)
{
    return table().folded.contains(folded);
}

bool has_syllable_letters(std::string_view lower_nfc)
{
    const auto apart = take_apart(lower_nfc);
    return apart && find_spelling(to_utf8(apart->toneless)) != nullptr;
}

std::string unify_tone_placement(std::string_view lower_nfc)
{
    std::string result;
    result.reserve(lower_nfc.size());
    std::size_t word_begin = 0;
    for (std::size_t at = 0; at < lower_nfc.size();) {
        const std::size_t begin = at;
        if (is_word_character(next_code_point(lower_nfc, at)))
            continue;
        result += unify_word(lower_nfc.substr(word_begin, begin - word_begin));
        result += lower_nfc.substr(begin, at - begin);
        word_begin = at;
    }
    result += unify_word(lower_nfc.substr(word_begin));
    return result;
}

bool can_mean(std::string_view typed, std::string_view meant)
{
    tone typed_tone = ngang;
    tone meant_tone = ngang;
    std::size_t at = 0;
    std::size_t meant_at = 0;
    while (at < typed.size() && meant_at < meant.size()) {
        const auto [letter, carried] = split_tone(next_code_point(typed, at));
        const auto [wanted, wanted_tone] = split_tone(next_code_point(meant, meant_at));
        if (letter != wanted && letter != fold(wanted))
            return false;
        typed_tone = std::max(typed_tone, carried);
        meant_tone = std::max(meant_tone, wanted_tone);
    }
    if (at < typed.size() || meant_at < meant.size())
        return false;
    const auto as_heard = [](tone one) { return one == nga ? hoi : one; };
    return typed_tone == ngang || as_heard(typed_tone) == as_heard(meant_tone);
}

std::optional<std::string> decode_keystrokes(std::string_view lower_ascii)
{
    if (lower_ascii.size() < 2 || lower_ascii.size() > longest_keystrokes ||
        lower_ascii.front() < 'a' || lower_ascii.front() > 'z')
        return std::nullopt;
    return keystroke_decoder(lower_ascii).decode();
}

} // namespace motcua::text
