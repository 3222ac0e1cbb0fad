#pragma once

#include <motcua/core/procedures/procedure.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::dialogue {

// In what one candidate differs from the others: "cấp lại" from "đổi", "dưới 14 tuổi" from "từ đủ
// 14 tuổi".
struct attribute_value
{
    const procedures::procedure* record;
    std::string_view phrase; // key of its title: "attribute.reissue"
    std::string number;      // for {{age}}; empty if there is none
};

struct attribute_question
{
    std::string_view phrase;             // key of the question: "ask_attribute.action"
    std::vector<attribute_value> values; // in the order of the records; all differ
};

// The question that tells the first two records apart when their names are the same but for one
// attribute, with every further record that it tells apart too. nullopt if there is none. The
// records must not be null and must outlive the result.
std::optional<attribute_question>
differing_attribute(std::span<const procedures::procedure* const> records);

} // namespace motcua::dialogue
