#pragma once

#include <string>
#include <string_view>
#include <vector>

// The words somebody typed, to be compared with words the dialogue waits for. Case, punctuation and
// marks left off do not matter; a mark that was typed does: "huy" is "hủy", but "đúng" is not
// "dừng" and "cô" is not "có".
namespace motcua::dialogue {

class typed_words
{
public:
    explicit typed_words(std::string_view utf8);

    // Folded, joined by one blank: "Hủy bỏ!" -> "huy bo".
    const std::string& folded() const { return folded_; }
    // True if these are the words meant and no others.
    bool are(std::string_view meant) const;
    // True if the words meant stand among these, one behind the other.
    bool hold(std::string_view meant) const;

private:
    std::vector<std::string> words_; // lower-case NFC
    std::string folded_;
};

} // namespace motcua::dialogue
