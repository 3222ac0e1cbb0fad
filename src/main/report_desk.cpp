#include "report_desk.hpp"

#include "mapped_file.hpp"
#include "procedure_source.hpp"
#include "qr_code.hpp"
#include "report_maker.hpp"

#include <motcua/adapters/content/plan_files.hpp>
#include <motcua/adapters/report/report_files.hpp>
#include <motcua/adapters/report/report_text.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/adapters/sqlite/reach.hpp>
#include <motcua/core/dialogue/knowledge.hpp>
#include <motcua/core/reach/complaint_figures.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace motcua {
namespace {

namespace fs = std::filesystem;

// What write() has put into the file, which is gone afterwards.
template <class Write>
std::string bytes_of(const fs::path& file, const Write& write)
{
    struct remover
    {
        const fs::path& file;
        ~remover()
        {
            std::error_code ignored;
            fs::remove(file, ignored);
        }
    };
    const remover afterwards{file};
    write();
    return std::string(mapped_file(file).bytes());
}

class database_reports final : public app::report_desk
{
public:
    database_reports(configuration config, std::function<std::string()> public_url)
        : config_(std::move(config)), public_url_(std::move(public_url))
    {
    }

    std::string make(
        const dialogue::knowledge& known,
        const app::report_wish& wish,
        app::report_format format) override
    {
        const auto made = make_report(
            config_,
            content_of(known, wish.plan),
            known.procedures,
            {.period = wish.period,
             .mask_small = wish.mask_small,
             .exported_at = {},
             .verified = {}});
        const auto file =
            config_.storage.directory / ("report-on-its-way." + std::string(name(format)));
        switch (format) {
        case app::report_format::json:
            return report::report_json(made);
        case app::report_format::csv:
            return report::report_csv(made);
        case app::report_format::xlsx:
            return bytes_of(file, [&] { report::write_xlsx(made, file); });
        case app::report_format::docx:
            break;
        }
        return bytes_of(file, [&] {
            report::write_docx(made, config_.content.data / "report-template.docx", file);
        });
    }

    std::vector<app::day_contacts> days(const reach::period& span) override
    {
        return sqlite::open_reach_series(database_file(config_))->days(span);
    }

    app::figure_rows rows(
        const dialogue::knowledge& known,
        const reach::row_query& query,
        std::size_t offset,
        std::size_t limit) override
    {
        const auto file = database_file(config_);
        if (query.of == reach::row_query::kind::unknown)
            return app::list_unknown(
                sqlite::open_reader(file)->unknown_messages(begin_of(query.period)),
                query,
                offset,
                limit);
        const auto reader = sqlite::open_reach_reader(file);
        const auto series = sqlite::open_reach_series(file);
        return list_rows(*reader, *series, query, kpis().fields, known.complaints, offset, limit);
    }

    std::vector<reach::plan_entry> entries(const std::string& plan) override
    {
        return sqlite::open_reach_reader(database_file(config_))->entries(plan);
    }

    std::string landing_page(const std::string& keyword) const override
    {
        return public_url_() + "/q/" + keyword;
    }

    std::string landing_code(const std::string& keyword, bool drawing) const override
    {
        const auto page = landing_page(keyword);
        return drawing ? qr_svg(page) : qr_png(page);
    }

private:
    // Checked when the content was read.
    reach::catalogue kpis() const
    {
        return content::read_kpis(config_.content.data / "kpi.yml").catalogue;
    }

    report_content content_of(const dialogue::knowledge& known, const std::string& plan) const
    {
        for (const auto& one : known.plans)
            if (one.head.id == plan)
                return {
                    .plan = one,
                    .kpis = kpis(),
                    .complaints = known.complaints,
                    .visit_gap = std::chrono::minutes(config_.report.visit_gap_minutes),
                    .closing_day = config_.report.closing_day};
        throw std::runtime_error("no such plan: " + plan);
    }

    configuration config_;
    std::function<std::string()> public_url_;
};

} // namespace

std::shared_ptr<app::report_desk>
make_report_desk(configuration config, std::function<std::string()> public_url)
{
    return std::make_shared<database_reports>(std::move(config), std::move(public_url));
}

} // namespace motcua
