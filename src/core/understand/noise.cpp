#include "letters.hpp"

#include <motcua/core/text/unicode.hpp>
#include <motcua/core/understand/noise.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace motcua::understand {

namespace {

// SplitMix64 (Steele, Lea, Flood 2014): the standard's distributions differ between libraries.
class random_source
{
public:
    explicit random_source(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next()
    {
        state_ += 0x9e3779b97f4a7c15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31U);
    }

    // 0 .. count - 1; the tiny bias does not matter here.
    std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }

    bool chance(unsigned percent) { return next() % 100 < percent; }

private:
    std::uint64_t state_;
};

bool is_letter(std::string_view point)
{
    return (point.size() == 1 && point[0] >= 'a' && point[0] <= 'z') ||
           take_apart(point).has_value();
}

// Telex and VNI keys for a mark or a tone; tone keys come right after the vowel or at the word's
// end, as people type both ways.
std::string as_keystrokes(std::string_view word, bool vni, random_source& random)
{
    constexpr std::string_view telex_tones = "\0sfrxj";
    constexpr std::string_view vni_tones = "\0"
                                           "12345";
    const bool tone_last = random.chance(60);
    std::string keys;
    char pending_tone = '\0';
    for (const std::string_view point : code_points_of(word)) {
        const auto parts = take_apart(point);
        if (!parts) {
            keys += point;
            continue;
        }
        keys += parts->base;
        switch (parts->shape) {
        case mark::none:
            break;
        case mark::circumflex:
            keys += vni ? '6' : parts->base;
            break;
        case mark::breve:
            keys += vni ? '8' : 'w';
            break;
        case mark::horn:
            keys += vni ? '7' : 'w';
            break;
        case mark::bar:
            keys += vni ? '9' : 'd';
            break;
        }
        if (parts->tone != 0) {
            const char tone = (vni ? vni_tones : telex_tones)[parts->tone];
            if (tone_last)
                pending_tone = tone;
            else
                keys += tone;
        }
    }
    if (pending_tone != '\0')
        keys += pending_tone;
    return keys;
}

std::string drop_tones(std::string_view word)
{
    std::string kept;
    for (const std::string_view point : code_points_of(word)) {
        const auto parts = take_apart(point);
        kept += parts ? without_tone(*parts) : point;
    }
    return kept;
}

bool has_digit(std::string_view word)
{
    return std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string> words_of(std::string_view text)
{
    std::vector<std::string> words;
    std::string word;
    for (const char c : text) {
        if (c == ' ' || c == '\t' || c == '\n') {
            if (!word.empty())
                words.push_back(std::move(word));
            word.clear();
        } else {
            word += c;
        }
    }
    if (!word.empty())
        words.push_back(std::move(word));
    return words;
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words) {
        if (!text.empty())
            text += ' ';
        text += word;
    }
    return text;
}

template <class Change>
std::string by_word(std::string_view text, Change change)
{
    auto words = words_of(text);
    for (std::string& word : words)
        if (!has_digit(word))
            word = change(word);
    return joined(words);
}

std::string_view neighbours_of_key(char key)
{
    constexpr std::array<std::string_view, 26> neighbours{
        "sqz",  "vgn", "xvd", "sfec", "wrd", "dgrv", "fhtb", "gjyn", "uok",
        "hkun", "jli", "ko",  "nk",   "bmh", "ipl",  "ol",   "wa",   "etf",
        "adw",  "ryg", "yij", "cbf",  "qes", "zcs",  "tuh",  "xas"};
    return neighbours[static_cast<std::size_t>(key - 'a')];
}

// One slip at the letter `at`. Marks of the other letters stay.
void slip(std::vector<std::string>& points, std::size_t at, random_source& random)
{
    switch (random.below(4)) {
    case 0: {
        const auto parts = take_apart(points[at]);
        const char key = parts ? parts->base : points[at][0];
        const std::string_view near = neighbours_of_key(key);
        points[at] = std::string(1, near[random.below(near.size())]);
        break;
    }
    case 1:
        points[at].clear();
        break;
    case 2:
        points[at] += points[at];
        break;
    default:
        if (at + 1 < points.size() && is_letter(points[at + 1]))
            std::swap(points[at], points[at + 1]);
        break;
    }
}

// About `percent` of the letters slip, one at least.
std::string with_typos(std::string_view text, unsigned percent, random_source& random)
{
    const auto views = code_points_of(text);
    std::vector<std::string> points(views.begin(), views.end());
    std::vector<std::size_t> open; // letters of words without digits
    for (std::size_t begin = 0; begin < points.size();) {
        std::size_t end = begin;
        bool digits = false;
        while (end < points.size() && points[end] != " ")
            digits = has_digit(points[end++]) || digits;
        for (std::size_t at = begin; at < end; ++at)
            if (!digits && end - begin > 1 && is_letter(points[at]))
                open.push_back(at);
        begin = end + 1;
    }
    if (open.empty())
        return std::string(text);
    bool any = false;
    for (const std::size_t at : open)
        if (is_letter(points[at]) && random.chance(percent)) {
            slip(points, at, random);
            any = true;
        }
    if (!any)
        slip(points, open[random.below(open.size())], random);
    std::string noisy;
    for (const std::string& point : points)
        noisy += point;
    return noisy;
}

// Chat spellings by the words they replace, longest phrase first.
struct chat_spelling
{
    std::string_view phrase;
    std::array<std::string_view, 3> variants; // empty = none
};

constexpr std::array<chat_spelling, 58> chat_spellings{{
    {"như thế nào", {"ntn", "nhu nao", ""}},
    {"bao nhiêu", {"bn", "bao nhiu", "bnhieu"}},
    {"bây giờ", {"bh", "bây h", "bi h"}},
    {"giấy tờ", {"gtờ", "giấy tờ", "gt"}},
    {"đăng ký", {"đk", "dk", "đkí"}},
    {"hồ sơ", {"hs", "hsơ", "hso"}},
    {"thủ tục", {"ttuc", "thủ tuc", "thu tuk"}},
    {"kết hôn", {"kh hôn", "ket hon", ""}},
    {"xác nhận", {"xnhan", "xác nhận", "xn"}},
    {"căn cước", {"cc", "cancuoc", ""}},
    {"ủy ban", {"ub", "uỷ ban", ""}},
    {"được không", {"dc ko", "đc k", "dc hông"}},
    {"không", {"ko", "k", "hok"}},
    {"được", {"dc", "đc", "đx"}},
    {"rồi", {"r", "rùi", "òi"}},
    {"vậy", {"z", "zậy", "v"}},
    {"gì", {"j", "gi", "zì"}},
    {"giờ", {"h", "jờ", ""}},
    {"với", {"vs", "zới", "w"}},
    {"mình", {"mk", "mik", "mh"}},
    {"tôi", {"t", "toi", "tui"}},
    {"em", {"e", "iem", ""}},
    {"anh", {"a", "ank", ""}},
    {"chị", {"c", "chi", ""}},
    {"làm", {"lm", "làm", "lèm"}},
    {"muốn", {"mún", "mn", "muon"}},
    {"biết", {"bít", "bik", "bt"}},
    {"bị", {"bị", "bi", ""}},
    {"nhiêu", {"nhiu", "nhju", ""}},
    {"những", {"nhg", "nhữg", "nhung"}},
    {"người", {"ng", "ngừi", "ngưi"}},
    {"trước", {"trc", "trc", "trướk"}},
    {"trong", {"trg", "trog", ""}},
    {"cũng", {"cg", "cx", "cũg"}},
    {"vào", {"vô", "zô", "zào"}},
    {"về", {"zề", "vìa", "zìa"}},
    {"đi", {"đi", "di", "đy"}},
    {"thì", {"thì", "thi", "thj"}},
    {"sao", {"s", "seo", "xao"}},
    {"nào", {"nào", "nèo", "nao"}},
    {"phải", {"fai", "phai", "p"}},
    {"cần", {"cần", "cần", "kần"}},
    {"có", {"có", "kó", "co"}},
    {"cho", {"cho", "xho", "ch"}},
    {"con", {"con", "kon", ""}},
    {"của", {"của", "kủa", "cua"}},
    {"đâu", {"đâu", "âu", "đou"}},
    {"ngày", {"ngày", "ng", "ngài"}},
    {"nhà", {"nhà", "nhà", "nhè"}},
    {"chứng", {"chứng", "chug", "chứg"}},
    {"thông", {"thog", "thôg", "tông"}},
    {"tháng", {"th", "thág", "thg"}},
    {"ạ", {"ạ", "ah", "ak"}},
    {"à", {"à", "ah", "ak"}},
    {"nhé", {"nhé", "nha", "nhoa"}},
    {"dạ", {"dạ", "zạ", "dzạ"}},
    {"ơi", {"ơi", "oi", "ưi"}},
    {"lắm", {"lắm", "lém", "lm"}},
}};

std::string with_chat_spelling(std::string_view text, random_source& random)
{
    std::string padded = ' ' + joined(words_of(text)) + ' ';
    for (const chat_spelling& row : chat_spellings) {
        const std::string phrase = ' ' + std::string(row.phrase) + ' ';
        for (std::size_t at = padded.find(phrase); at != std::string::npos;
             at = padded.find(phrase, at + 1)) {
            if (!random.chance(75))
                continue;
            const std::string_view variant = row.variants[random.below(row.variants.size())];
            if (!variant.empty())
                padded.replace(at + 1, row.phrase.size(), variant);
        }
    }
    return padded.substr(1, padded.size() - 2);
}

std::string with_missing_blanks(std::string_view text, unsigned percent, random_source& random)
{
    const auto words = words_of(text);
    if (words.size() < 2)
        return joined(words);
    const std::size_t certain = 1 + random.below(words.size() - 1);
    std::string noisy = words[0];
    for (std::size_t i = 1; i < words.size(); ++i) {
        const bool protect = has_digit(words[i - 1]) || has_digit(words[i]);
        if (protect || (i != certain && !random.chance(percent)))
            noisy += ' ';
        noisy += words[i];
    }
    return noisy;
}

std::string with_doubled_letters(std::string_view text, unsigned percent, random_source& random)
{
    return by_word(text, [&random, percent](const std::string& word) {
        if (!random.chance(percent))
            return word;
        const auto points = code_points_of(word);
        // The last letter is what people hold down; now and then another one.
        const std::size_t at = random.chance(70) ? points.size() - 1 : random.below(points.size());
        std::string noisy;
        for (std::size_t i = 0; i < points.size(); ++i) {
            noisy += points[i];
            if (i == at && is_letter(points[i]))
                for (std::size_t extra = 1 + random.below(3); extra > 0; --extra)
                    noisy += points[i];
        }
        return noisy;
    });
}

std::string with_keystrokes(std::string_view text, bool vni, random_source& random)
{
    return by_word(
        text, [&random, vni](const std::string& word) { return as_keystrokes(word, vni, random); });
}

std::string half_typed(std::string_view text, random_source& random)
{
    return by_word(text, [&random](const std::string& word) {
        switch (random.below(3)) {
        case 0:
            return as_keystrokes(word, false, random);
        case 1:
            return text::fold(word);
        default:
            return word;
        }
    });
}

std::string with_dropped_tones(std::string_view text, random_source& random)
{
    return by_word(text, [&random](const std::string& word) {
        return random.chance(50) ? drop_tones(word) : word;
    });
}

std::string blended(std::string_view text, random_source& random)
{
    std::string noisy(text);
    if (random.chance(40))
        noisy = with_chat_spelling(noisy, random);
    switch (random.below(6)) {
    case 0:
        noisy = with_keystrokes(noisy, random.chance(30), random);
        break;
    case 1:
        noisy = half_typed(noisy, random);
        break;
    case 2:
        noisy = with_dropped_tones(noisy, random);
        break;
    default:
        noisy = text::fold(noisy);
        break;
    }
    if (random.chance(50))
        noisy = with_typos(noisy, 2, random);
    if (random.chance(15))
        noisy = with_missing_blanks(noisy, 5, random);
    if (random.chance(15))
        noisy = with_doubled_letters(noisy, 15, random);
    return noisy;
}

} // namespace

std::string_view name(noise_kind kind)
{
    switch (kind) {
    case noise_kind::no_marks:
        return "no_marks";
    case noise_kind::typos:
        return "typos";
    case noise_kind::telex:
        return "telex";
    case noise_kind::vni:
        return "vni";
    case noise_kind::half_telex:
        return "half_telex";
    case noise_kind::teencode:
        return "teencode";
    case noise_kind::missing_blanks:
        return "missing_blanks";
    case noise_kind::doubled_letters:
        return "doubled_letters";
    case noise_kind::dropped_tones:
        return "dropped_tones";
    case noise_kind::blend:
        return "blend";
    }
    return "unknown";
}

std::string add_noise(std::string_view nfc, noise_kind kind, std::uint64_t seed)
{
    random_source random(seed);
    const std::string text = joined(words_of(text::lower(nfc)));
    switch (kind) {
    case noise_kind::no_marks:
        return text::fold(text);
    case noise_kind::typos:
        return with_typos(text, 6, random);
    case noise_kind::telex:
        return with_keystrokes(text, false, random);
    case noise_kind::vni:
        return with_keystrokes(text, true, random);
    case noise_kind::half_telex:
        return half_typed(text, random);
    case noise_kind::teencode:
        return with_chat_spelling(text, random);
    case noise_kind::missing_blanks:
        return with_missing_blanks(text, 10, random);
    case noise_kind::doubled_letters:
        return with_doubled_letters(text, 30, random);
    case noise_kind::dropped_tones:
        return with_dropped_tones(text, random);
    case noise_kind::blend:
        return blended(text, random);
    }
    return text;
}

} // namespace motcua::understand
