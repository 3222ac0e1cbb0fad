#pragma once

#include "complaint_access.hpp"
#include "reading.hpp"
#include "router.hpp"

#include <motcua/adapters/staff_api/staff_api.hpp>
#include <motcua/core/dialogue/knowledge.hpp>

#include <algorithm>
#include <memory>
#include <utility>

// What the routes of reach and reports have in common.
namespace motcua::staff_api {

inline const std::set<app::staff_role> everybody{
    app::staff_role::viewer,
    app::staff_role::officer,
    app::staff_role::coordinator,
    app::staff_role::editor,
    app::staff_role::admin};

// One report is made at a time, some wait, more are told to come back.
class report_queue
{
public:
    explicit report_queue(const staff_api_parts& parts) : parts_(parts) {}

    // `job` takes an app::report_desk& and runs on its worker; its result must be default
    // constructible.
    template <class Job>
    asio::awaitable<std::invoke_result_t<Job&, app::report_desk&>> run(Job job)
    {
        constexpr int most = 8;
        if (!parts_.reports.desk || under_way_ >= most)
            throw problem("unavailable", "Nhiều báo cáo đang được lập. Xin thử lại sau ít phút.");
        const turn one(under_way_);
        auto work = [desk = parts_.reports.desk, &job] { return job(*desk); };
        auto out = co_await run_on(parts_.reports.worker, std::move(work));
        co_return out;
    }

private:
    class turn
    {
    public:
        explicit turn(int& under_way) : under_way_(under_way) { ++under_way_; }
        ~turn() { --under_way_; }
        turn(const turn&) = delete;
        turn& operator=(const turn&) = delete;

    private:
        int& under_way_;
    };

    const staff_api_parts& parts_;
    int under_way_ = 0;
};

// The plan of that id; throws not_found. Lives as long as `known`.
inline const reach::plan& plan_in(const dialogue::knowledge& known, const std::string& id)
{
    const auto found =
        std::ranges::find(known.plans, id, [](const reach::plan& one) { return one.head.id; });
    if (found == known.plans.end())
        throw problem("not_found");
    return *found;
}

inline http::response
file_to_save(std::string bytes, std::string_view ending, std::string_view name)
{
    http::response out;
    out.content_type = ending == "json"  ? "application/json"
                       : ending == "csv" ? "text/csv; charset=utf-8"
                       : ending == "png" ? "image/png"
                       : ending == "svg" ? "image/svg+xml"
                       : ending == "xlsx"
                           ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                           : "application/vnd.openxmlformats-officedocument.wordprocessingml."
                             "document";
    out.fields = {
        {"Content-Disposition",
         "attachment; filename=\"" + std::string(name) + "." + std::string(ending) + "\""},
        {"Cache-Control", "no-store"}};
    out.body = std::move(bytes);
    return out;
}

} // namespace motcua::staff_api
