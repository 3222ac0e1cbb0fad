#include <motcua/core/complaints/complaint.hpp>

namespace motcua::complaints {
namespace {

std::string joined(const std::vector<std::string>& words)
{
    std::string all;
    for (const auto& one : words)
        all += (all.empty() ? "" : ", ") + one;
    return all;
}

} // namespace

std::vector<field_change> differences(const complaint& before, const complaint& after)
{
    std::vector<field_change> found;
    const auto compare = [&found](const char* field, std::string old, std::string now) {
        if (old != now)
            found.push_back({field, std::move(old), std::move(now)});
    };
    const auto rating = [](int value) { return value == 0 ? "" : std::to_string(value); };
    compare("state", before.state, after.state);
    compare("unit", before.unit, after.unit);
    compare("officer", before.officer, after.officer);
    compare("category", before.category, after.category);
    compare("labels", joined(before.labels), joined(after.labels));
    compare("national_code", before.national_code, after.national_code);
    compare("agency", before.agency, after.agency);
    compare("refusal", before.refusal, after.refusal);
    compare("duplicate_of", before.duplicate_of, after.duplicate_of);
    compare("message", before.message, after.message);
    compare("rating", rating(before.rating), rating(after.rating));
    return found;
}

} // namespace motcua::complaints
