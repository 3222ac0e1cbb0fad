#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What a complaint is about (data/complaint-categories.yml).
namespace motcua::complaints {

// The two classes of the national portal (domain.md 6.1).
enum class subject : std::uint8_t
{
    conduct, // hành vi: how officials act
    rule,    // quy định: rules and procedures themselves
    both,
};
std::string_view name(subject value);

struct category
{
    std::string id;
    std::string title;
    subject about = subject::conduct;
    std::vector<std::string> words; // folded phrases that hint at it
    std::string parent;             // id, empty at the top
};

class category_tree
{
public:
    category_tree() = default;
    // Parents before their children.
    explicit category_tree(std::vector<category> all) : all_(std::move(all)) {}

    const std::vector<category>& all() const { return all_; }
    const category* find(std::string_view id) const;
    // Those directly below; of the top if `parent` is empty.
    std::vector<const category*> below(std::string_view parent) const;
    bool is_leaf(std::string_view id) const;
    // The leaf whose words occur most in the text; nullptr if none does, or two do equally.
    const category* guess(std::string_view folded_text) const;

private:
    std::vector<category> all_;
};

} // namespace motcua::complaints
