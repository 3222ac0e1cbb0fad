#include <motcua/app/bulk_work.hpp>

#include <algorithm>
#include <memory>

namespace motcua::app {
namespace {

constexpr std::size_t at_once = 20; // cases in one unit of work

} // namespace

case_outcome
carry_out(case_unit& on, const bulk_operation& what, const std::string& code, std::int64_t expected)
{
    using kind = bulk_operation::kind;
    switch (what.what) {
    case kind::assign:
        return on.assign(code, what.unit, what.officer, what.reason, expected);
    case kind::category:
        return on.edit(
            code,
            {.category = what.category, .reason = what.reason, .labels = {}, .national_code = {}},
            expected);
    case kind::label:
        return on.relabel(code, what.add_labels, what.remove_labels, expected);
    case kind::transition:
        break;
    }
    return on.change(code, what.transition, what.inputs, expected);
}

asio::awaitable<result<std::vector<case_outcome>>>
rehearse(casework& work, case_worker by, bulk_operation what, std::vector<std::string> codes)
{
    const auto ends = std::make_shared<std::vector<case_outcome>>();
    for (std::size_t first = 0; first < codes.size(); first += at_once) {
        const auto last = std::min(first + at_once, codes.size());
        casework::command some = [&codes, &what, ends, first, last](case_unit& on) {
            on.rehearse();
            ends->resize(first); // a unit may be run again
            for (auto i = first; i < last; ++i)
                ends->push_back(carry_out(on, what, codes[i], {}));
            return case_outcome();
        };
        const auto ran = co_await work.run(by, std::move(some));
        if (!ran)
            co_return ran.error();
    }
    co_return std::move(*ends);
}

} // namespace motcua::app
