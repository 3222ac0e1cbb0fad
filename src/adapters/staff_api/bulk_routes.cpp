#include "bulk_routes.hpp"

#include "case_json.hpp"
#include "complaint_access.hpp"
#include "limits.hpp"

#include <motcua/adapters/staff_api/passwords.hpp>
#include <motcua/app/bulk_work.hpp>

#include <algorithm>
#include <list>
#include <memory>
#include <utility>

namespace motcua::staff_api {
namespace {

using app::bulk_operation;
using app::case_end;
using app::case_outcome;
using app::case_unit;

constexpr std::size_t most_codes = 200;
constexpr std::size_t longest_code = 24;
constexpr std::size_t longest_bulk_reason = 2000; // code points
constexpr std::ptrdiff_t previews_of_one = 5;
constexpr std::size_t bulk_previews_kept = 500;
constexpr std::chrono::minutes good_for{10};
constexpr std::chrono::seconds longest_run{6}; // the listener gives a request ten

struct step
{
    std::string code;
    std::int64_t version = 0; // 0: not possible
    std::string objection;    // why not
};

// A preview, and how far its run has come: a run that was cut off goes on where it stopped, and one
// that is over is answered again.
struct plan
{
    std::string id;
    std::string staff_id;
    utc_time expires_at{};
    bulk_operation what;
    std::vector<step> steps;
    bool running = false;
    std::size_t tried = 0;
    std::int64_t done = 0;
};
using shared_plan = std::shared_ptr<plan>;

std::string objection_to(const case_outcome& end)
{
    switch (end.end) {
    case case_end::done:
        return {};
    case case_end::not_found:
        return "Không có phản ánh này, hoặc ngoài phạm vi của anh/chị";
    case case_end::stale:
        return "Đã có thay đổi sau khi xem trước";
    case case_end::illegal:
        return title_of(end.why);
    default:
        return end.title.empty() ? "Không thể làm việc này" : end.title;
    }
}

std::vector<std::string> codes_from(body_reader& body)
{
    auto codes = body.texts("codes", most_codes, longest_code, true);
    if (codes.empty())
        throw invalid("codes", "Chưa chọn phản ánh nào");
    auto sorted = codes;
    std::ranges::sort(sorted);
    if (std::ranges::adjacent_find(sorted) != sorted.end())
        throw invalid("codes", "Có mã trùng nhau");
    return codes;
}

std::string reason_from(body_reader& body)
{
    return trimmed(body.optional_text("reason", longest_bulk_reason).value_or(""));
}

// What is asked, but for the text of a template.
struct request
{
    std::vector<std::string> codes;
    bulk_operation what;
    std::string template_id; // empty: none
};

void read_transition(body_reader& body, request& wanted)
{
    auto& what = wanted.what;
    what.what = bulk_operation::kind::transition;
    what.transition = body.text("transition", 1, longest_id);
    what.inputs = inputs_from(body.object("inputs"));
    wanted.template_id = body.optional_text("template_id", longest_id).value_or("");
    if (!wanted.template_id.empty() && !what.inputs.message.empty())
        throw invalid("template_id", "Chọn mẫu câu hoặc tự viết, không cả hai");
}

request request_from(const json& given)
{
    using kind = bulk_operation::kind;
    body_reader body(given);
    request wanted;
    wanted.codes = codes_from(body);
    const auto operation = body.text("operation", 1, longest_id);
    auto& what = wanted.what;
    if (operation == "assign") {
        what.what = kind::assign;
        if (!body.has("unit_id"))
            throw invalid("unit_id", "Phải có, null nếu không có ai");
        what.unit = body.optional_text("unit_id", longest_id).value_or("");
        what.officer = body.optional_text("officer_id", longest_id).value_or("");
        what.reason = reason_from(body);
    } else if (operation == "category") {
        what.what = kind::category;
        what.category = body.text("category", 1, longest_id);
        what.reason = reason_from(body);
    } else if (operation == "label") {
        what.what = kind::label;
        what.add_labels = labels_from(body, "add_labels", false);
        what.remove_labels = labels_from(body, "remove_labels", false);
        if (what.add_labels.empty() && what.remove_labels.empty())
            throw invalid("add_labels", "Chưa có nhãn nào");
    } else if (operation == "transition") {
        read_transition(body, wanted);
    } else {
        throw invalid("operation", "Không có việc này");
    }
    body.end();
    return wanted;
}

json preview_json(const plan& made, const std::vector<case_outcome>& ends)
{
    json items = json::array();
    int possible = 0;
    for (std::size_t i = 0; i < ends.size(); ++i) {
        const auto& one = made.steps[i];
        const bool may = one.version != 0;
        possible += may ? 1 : 0;
        items.push_back(
            {{"code", one.code},
             {"version", may ? json(one.version) : json()},
             {"possible", may},
             {"objection", optional_text(one.objection)},
             {"message", optional_text(ends[i].words)}});
    }
    return {
        {"id", made.id},
        {"expires_at", instant(made.expires_at)},
        {"possible", possible},
        {"items", std::move(items)}};
}

json result_json(const plan& ran)
{
    json items = json::array();
    for (const auto& one : ran.steps)
        items.push_back(
            {{"code", one.code},
             {"done", one.objection.empty()},
             {"objection", optional_text(one.objection)}});
    return {{"done", ran.done}, {"items", std::move(items)}};
}

// The previews that may still be run. The I/O thread alone.
class previews
{
public:
    void keep(shared_plan made, utc_time now)
    {
        std::erase_if(plans_, [now](const shared_plan& one) { return one->expires_at <= now; });
        // The oldest first.
        const auto own = [&made](const shared_plan& one) {
            return one->staff_id == made->staff_id;
        };
        if (std::ranges::count_if(plans_, own) >= previews_of_one)
            plans_.erase(std::ranges::find_if(plans_, own));
        else if (plans_.size() >= bulk_previews_kept)
            plans_.pop_front();
        plans_.push_back(std::move(made));
    }
    shared_plan find(std::string_view id, std::string_view staff_id, utc_time now) const
    {
        const auto wanted = [&](const shared_plan& one) {
            return one->id == id && one->staff_id == staff_id && one->expires_at > now;
        };
        const auto found = std::ranges::find_if(plans_, wanted);
        if (found == plans_.end())
            throw problem("expired", "Xin xem trước lại.");
        return *found;
    }

private:
    std::list<shared_plan> plans_;
};

// Marks a plan as running for as long as it lives.
class run_mark
{
public:
    explicit run_mark(plan& of) : of_(of) { of_.running = true; }
    ~run_mark() { of_.running = false; }
    run_mark(const run_mark&) = delete;
    run_mark& operator=(const run_mark&) = delete;

private:
    plan& of_;
};

class bulk_api
{
public:
    bulk_api(reading& reader, app::casework& work) : reader_(reader), work_(work) {}

    asio::awaitable<http::response> preview(call asked)
    {
        auto wanted = request_from(asked.body);
        if (!wanted.template_id.empty()) {
            auto text = co_await text_of(wanted);
            wanted.what.inputs.message = std::move(text);
        }
        auto ends = co_await app::rehearse(work_, worker_of(asked), wanted.what, wanted.codes);
        if (!ends)
            throw problem("unavailable", "Xin thử lại sau ít phút.");
        const auto made = std::make_shared<plan>();
        made->id = random_id("bulk-");
        made->staff_id = asked.by.who.id;
        made->expires_at = asked.now + good_for;
        made->what = std::move(wanted.what);
        for (std::size_t i = 0; i < ends->size(); ++i) {
            const auto& end = (*ends)[i];
            const bool may = end.end == case_end::done;
            made->steps.push_back(
                {std::move(wanted.codes[i]), may ? end.now->version : 0, objection_to(end)});
        }
        kept_.keep(made, asked.now);
        co_return answer(201, preview_json(*made, *ends));
    }

    asio::awaitable<http::response> run(call asked)
    {
        const auto found = kept_.find(asked.path.at("id"), asked.by.who.id, asked.now);
        if (found->running)
            throw problem("unavailable", "Việc này đang được thực hiện.");
        const run_mark running(*found);
        const auto until = std::chrono::steady_clock::now() + longest_run;
        for (; found->tried < found->steps.size(); ++found->tried) {
            auto& one = found->steps[found->tried];
            if (one.version == 0)
                continue;
            if (std::chrono::steady_clock::now() > until)
                throw problem("unavailable", "Chưa làm xong. Bấm lại để làm tiếp phần còn lại.");
            app::casework::command what = [found, &one](case_unit& on) {
                return app::carry_out(on, found->what, one.code, one.version);
            };
            const auto ended = co_await work_.run(worker_of(asked), std::move(what));
            if (!ended)
                throw problem("unavailable", "Chưa lưu được. Bấm lại để làm tiếp phần còn lại.");
            one.objection = objection_to(*ended);
            found->done += one.objection.empty() ? 1 : 0;
        }
        co_return answer(200, result_json(*found));
    }

private:
    // Of the template, as it is now: what is run is what the preview showed.
    asio::awaitable<std::string> text_of(const request& wanted)
    {
        auto job = [&wanted](app::reader& from) {
            for (auto& one : from.desk_content().templates())
                if (std::to_string(one.id) == wanted.template_id &&
                    (one.transition.empty() || one.transition == wanted.what.transition))
                    return one.text;
            throw invalid("template_id", "Không có mẫu này, hoặc mẫu của bước khác");
        };
        auto text = co_await reader_.run(std::move(job));
        co_return text;
    }

    reading& reader_;
    app::casework& work_;
    previews kept_;
};

} // namespace

void add_bulk_routes(router& to, reading& reader, app::casework& work)
{
    const auto api = std::make_shared<bulk_api>(reader, work);
    to.add(
        {.method = "POST",
         .path = "/complaints/bulk-previews",
         .roles = case_roles,
         .takes_body = true,
         .handle = [api](call asked) { return api->preview(std::move(asked)); }});
    to.add(
        {.method = "POST",
         .path = "/complaints/bulk-previews/{id}/run",
         .roles = case_roles,
         .handle = [api](call asked) { return api->run(std::move(asked)); }});
}

} // namespace motcua::staff_api
