#include "commands.hpp"
#include "configuration.hpp"
#include "installation.hpp"
#include "man_page.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

namespace {

constexpr int usage_error = 2;

struct common_options
{
    std::string config_file;
    std::vector<std::string> overrides;
    bool demo = false;
};

void add_common(CLI::App& command, common_options& common)
{
    command
        .add_option(
            "--config",
            common.config_file,
            "configuration file (YAML); installed: /etc/motcua/motcua.yml")
        ->check(CLI::ExistingFile);
    command.add_option("--set", common.overrides, "KEY=VALUE over the file; repeatable")
        ->allow_extra_args(false);
    command.add_flag(
        "--demo",
        common.demo,
        "demonstration: no file needed, a database of its own with known logins");
}

motcua::configuration read(const common_options& common, bool needs_zalo)
{
    auto file = std::filesystem::path(common.config_file);
    if (const auto here = motcua::own_installation(); here && file.empty() && !common.demo)
        if (std::filesystem::exists(here->config))
            file = here->config;
    return motcua::read_configuration(file, common.overrides, common.demo, needs_zalo);
}

struct staff_wish
{
    common_options common;
    motcua::staff_command_options options;
    std::string noted;
};

void add_password_options(CLI::App& command, motcua::staff_command_options& options)
{
    command.add_option(
        "--password-file", options.password_file, "file with the temporary password");
    command.add_flag("--generate", options.generate, "make a temporary password and print it");
}

// `motcua staff …` and `motcua audit …`.
void add_staff_commands(CLI::App& program, staff_wish& wish, int& status)
{
    auto* staff = program.add_subcommand("staff", "accounts of staff");
    staff->require_subcommand(1);
    const auto act =
        [staff, &wish, &status](const char* name, const char* what, motcua::staff_action action) {
            auto* command = staff->add_subcommand(name, what);
            add_common(*command, wish.common);
            command->callback([&wish, &status, action] {
                status = motcua::staff(read(wish.common, false), action, wish.options);
            });
            if (action != motcua::staff_action::list)
                command->add_option("user_name", wish.options.user_name, "user name")->required();
            return command;
        };
    act("list", "all accounts", motcua::staff_action::list);
    auto* add =
        act("add",
            "new account; asks for a temporary password, or reads it from stdin",
            motcua::staff_action::add);
    add->add_option("--name", wish.options.name, "name as colleagues know it");
    add->add_option("--role", wish.options.roles, "viewer, officer, coordinator, editor, admin")
        ->required();
    add->add_option("--unit", wish.options.unit, "id of the unit; compulsory for officers");
    add_password_options(*add, wish.options);
    act("disable", "nobody signs in with it any more", motcua::staff_action::disable);
    act("enable", "after disable", motcua::staff_action::enable);
    auto* reset = act("reset", "a new temporary password", motcua::staff_action::reset);
    reset->add_flag("--totp", wish.options.totp, "forget a lost authenticator, too");
    add_password_options(*reset, wish.options);

    auto* audit = program.add_subcommand("audit", "what staff did");
    audit->require_subcommand(1);
    auto* verify = audit->add_subcommand("verify", "find the first bad row, if there is one");
    add_common(*verify, wish.common);
    verify->add_option("--head", wish.noted, "head printed earlier, \"NUMBER HEX\"");
    verify->callback(
        [&wish, &status] { status = motcua::verify_audit(read(wish.common, false), wish.noted); });
}

// Wires the subcommands; returns the exit status.
int run(int count, char** arguments)
{
    CLI::App program{"Một Cửa: the public-administration chat channel of a province", "motcua"};
    program.set_version_flag("--version", MOTCUA_VERSION);
    program.require_subcommand(1);
    program
        .add_flag_callback(
            "--man",
            [&program] {
                std::cout << motcua::man_page(program, MOTCUA_VERSION);
                throw CLI::Success();
            },
            "print the manual page")
        ->group("");
    common_options common;
    int status = 0;

    auto* serve = program.add_subcommand("serve", "run the server");
    bool allow_unconfigured = false;
    add_common(*serve, common);
    serve->add_flag(
        "--allow-unconfigured",
        allow_unconfigured,
        "start without the OA's identity, too; /healthz says what is missing");
    serve->callback([&] { status = motcua::serve(read(common, !allow_unconfigured)); });

    auto* chat =
        program.add_subcommand("chat", "talk to the bot in the terminal: same engine, no Zalo");
    motcua::chat_options chat_options;
    add_common(*chat, common);
    chat->add_option("--user", chat_options.user, "name of the citizen in the prompt");
    chat->add_option(
        "--procedures", chat_options.procedures, "files or folders instead of the database");
    chat->callback([&] { status = motcua::chat(read(common, false), chat_options); });

    auto* check = program.add_subcommand("check", "check configuration and all content");
    add_common(*check, common);
    check->callback([&] { status = motcua::check(read(common, false)); });

    auto* demo_data = program.add_subcommand(
        "demo-data",
        "fill the empty database of a demonstration with invented complaints and conversations");
    motcua::demo_data_options demo_options;
    add_common(*demo_data, common);
    demo_data->add_option("--seed", demo_options.seed, "the same seed gives the same complaints");
    demo_data->add_option("--complaints", demo_options.complaints, "how many")
        ->check(CLI::Range(1, 100'000));
    demo_data->callback(
        [&] { status = motcua::fill_with_demo_data(read(common, false), demo_options); });

    auto* import = program.add_subcommand("import", "add or update data");
    import->require_subcommand(1);
    auto* procedures = import->add_subcommand(
        "procedures", "procedure records: ours (YAML) or the national export");
    std::vector<std::filesystem::path> files;
    bool verbose = false;
    add_common(*procedures, common);
    procedures->add_option("files", files, "files or folders")->required();
    procedures->add_flag(
        "--verbose", verbose, "print every finding, not only the first of each kind");
    procedures->callback(
        [&] { status = motcua::import_procedures(read(common, false), files, verbose); });

    auto* erase = program.add_subcommand("erase", "erase everything kept of a citizen");
    std::string citizen;
    add_common(*erase, common);
    erase->add_option("user", citizen, "Zalo user id")->required();
    erase->callback([&] { status = motcua::erase(read(common, false), citizen); });

    auto* retention = program.add_subcommand(
        "retention", "show what has been kept longer than the configuration says");
    bool applies = false;
    add_common(*retention, common);
    bool previews = true;
    auto* preview =
        retention->add_flag("--preview", previews, "only show it, which is the default");
    retention->add_flag("--apply", applies, "remove it now, the server stopped")->excludes(preview);
    retention->callback([&] { status = motcua::retention(read(common, false), applies); });

    std::filesystem::path backup_file;
    auto* backup = program.add_subcommand(
        "backup", "write all that is stored into one file, while the server runs");
    add_common(*backup, common);
    backup->add_option("file", backup_file, "file to write, such as motcua-2026-11-22.tar.zst")
        ->required();
    backup->callback([&] { status = motcua::backup(read(common, false), backup_file); });
    auto* restore = program.add_subcommand("restore", "fill an empty storage folder from a backup");
    add_common(*restore, common);
    restore->add_option("file", backup_file, "file of motcua backup")
        ->required()
        ->check(CLI::ExistingFile);
    restore->callback([&] { status = motcua::restore(read(common, false), backup_file); });

    auto* search =
        program.add_subcommand("search", "find procedures: JSON lines in, JSON lines out");
    motcua::search_options search_options;
    add_common(*search, common);
    search
        ->add_option(
            "--queries",
            search_options.queries,
            "file of {\"id\",\"text\"} lines, - = standard input")
        ->required();
    search->add_option(
        "--procedures", search_options.procedures, "file or folder instead of the database");
    search->add_option("--top", search_options.top, "hits per query")->check(CLI::Range(1, 100));
    search->callback([&] { status = motcua::search(read(common, false), search_options); });

    auto* fit = program.add_subcommand(
        "fit-search", "measure the search on labelled queries, and fit its weights to them");
    motcua::fit_search_options fit_options;
    add_common(*fit, common);
    fit->add_option("--queries", fit_options.queries, "labelled queries, tab-separated")
        ->required()
        ->check(CLI::ExistingFile);
    fit->add_option(
        "--procedures", fit_options.procedures, "file or folder instead of the database");
    fit->add_option("--out", fit_options.out, "search_weights.yml to write; else only measures");
    fit->add_option("--rounds", fit_options.rounds, "rounds over all weights, at most")
        ->check(CLI::Range(0, 100));
    fit->callback([&] { status = motcua::fit_search(read(common, false), fit_options); });

    auto* train = program.add_subcommand("train", "build the language model file");
    std::filesystem::path intents = motcua::configuration().content.intents;
    std::filesystem::path out;
    train->add_option("--intents", intents, "folder of intents")->check(CLI::ExistingDirectory);
    train->add_option("--out", out, "model file to write")->required();
    train->callback([&] { status = motcua::train(intents, out); });

    auto* understand =
        program.add_subcommand("understand", "intent and slots: JSON lines in, JSON lines out");
    std::filesystem::path model;
    std::filesystem::path input;
    understand->add_option("--model", model, "model file")->required()->check(CLI::ExistingFile);
    understand->add_option("--input", input, "file of {\"id\",\"text\"} lines, - = standard input")
        ->required();
    understand->callback([&] { status = motcua::understand_lines(model, input); });

    staff_wish staff_wish;
    add_staff_commands(program, staff_wish, status);

    auto* token =
        program.add_subcommand("token", "the OA's tokens: state, entry, refresh, consent");
    motcua::token_options token_options;
    auto action = motcua::token_action::show;
    add_common(*token, common);
    token->require_subcommand(0, 1);
    auto* set =
        token->add_subcommand("set", "enter a pair by hand: asked for, or two lines of stdin");
    set->add_option(
        "--access-token-file", token_options.access_token_file, "file with the access token");
    set->add_option(
        "--refresh-token-file", token_options.refresh_token_file, "file with the refresh token");
    set->add_flag("--check", token_options.check, "ask the platform whose token it is");
    set->callback([&] { action = motcua::token_action::set; });
    token->add_subcommand("refresh", "refresh now")->callback([&] {
        action = motcua::token_action::refresh;
    });
    token->add_subcommand("consent", "print a link for the OA's administrator")->callback([&] {
        action = motcua::token_action::consent;
    });
    for (auto* sub : token->get_subcommands({}))
        sub->fallthrough();
    token->final_callback(
        [&] { status = motcua::token(read(common, false), action, token_options); });

    auto* eval = program.add_subcommand(
        "eval", "measure understanding and search on held-out messages and labelled queries");
    motcua::eval_options eval_options;
    std::filesystem::path eval_intents;
    add_common(*eval, common);
    eval->add_option("--intents", eval_intents, "folder of intents, their tests included")
        ->check(CLI::ExistingDirectory);
    eval->add_option("--model", eval_options.model, "model file instead of one trained now")
        ->check(CLI::ExistingFile);
    eval->add_option(
            "--queries",
            eval_options.queries,
            "files of labelled queries, default tests/data/search_queries*.tsv")
        ->check(CLI::ExistingFile);
    eval->add_option(
            "--procedures", eval_options.procedures, "files or folders, default data/procedures")
        ->check(CLI::ExistingPath);
    eval->add_option("--thresholds", eval_options.thresholds, "file of figures to be met")
        ->check(CLI::ExistingFile);
    eval->add_flag("--json", eval_options.json, "JSON instead of text");
    eval->add_flag("--verbose", eval_options.verbose, "list every clean line that went wrong");
    eval->callback([&] {
        auto config = read(common, false);
        if (!eval_intents.empty())
            config.content.intents = eval_intents;
        status = motcua::eval(config, eval_options);
    });
    auto* unknown = program.add_subcommand(
        "unknown", "list the sentences that were not understood, grouped by likeness");
    motcua::unknown_options unknown_options;
    add_common(*unknown, common);
    unknown->add_option("--since", unknown_options.since, "YYYY-MM-DD, default: all that is kept");
    unknown->add_option("--limit", unknown_options.limit, "groups")->check(CLI::Range(1, 100'000));
    unknown->add_flag(
        "--choices", unknown_options.choices, "what citizens chose when asked back, instead");
    unknown->add_flag(
        "--include-test", unknown_options.include_test, "staff tests and simulator users too");
    unknown->add_flag("--json", unknown_options.json, "JSON instead of text");
    unknown->callback([&] { status = motcua::list_unknown(read(common, false), unknown_options); });

    auto* replay = program.add_subcommand(
        "replay", "hear stored messages again with other content, list what is answered otherwise");
    motcua::replay_options replay_options;
    add_common(*replay, common);
    replay->add_option("--from", replay_options.from, "first day, YYYY-MM-DD")->required();
    replay->add_option("--to", replay_options.to, "last day, YYYY-MM-DD")->required();
    replay->add_option("--against", replay_options.against, "folder with intents/ and data/")
        ->required()
        ->check(CLI::ExistingDirectory);
    replay->add_option(
        "--max-lost", replay_options.max_lost, "fail if more are lost: 20 or 2.5% of the messages");
    replay->add_option("--max-changed", replay_options.max_changed, "the same for changed answers");
    replay->add_option("--limit", replay_options.limit, "differences listed")
        ->check(CLI::Range(1, 100'000));
    replay->add_flag("--json", replay_options.json, "JSON instead of text");
    replay->callback([&] { status = motcua::replay_events(read(common, false), replay_options); });

    auto* report = program.add_subcommand("report", "the report on the communication plan");
    motcua::report_options report_options;
    bool verifies = false;
    add_common(*report, common);
    report->add_option("--plan", report_options.plan, "plan (YAML)")
        ->required()
        ->check(CLI::ExistingFile);
    auto* first_day = report->add_option("--from", report_options.from, "first day, YYYY-MM-DD");
    auto* last_day = report->add_option("--to", report_options.to, "last day, YYYY-MM-DD");
    report
        ->add_option(
            "--period",
            report_options.period,
            "instead of both: 2026, 2026-H1, 2026-9M, 2026-Q3 or 2026-07")
        ->excludes(first_day)
        ->excludes(last_day);
    report->add_option("--format", report_options.format, "json (default), csv, xlsx or docx")
        ->check(CLI::IsMember({"json", "csv", "xlsx", "docx"}));
    report->add_option("-o,--out", report_options.out, "file to write");
    report->add_flag(
        "--mask-small", report_options.mask_small, "for publication: counts under five read <5");
    report->add_option(
        "--exported-at", report_options.exported_at, "moment of export, printed as given");
    report->add_flag(
        "--verified", report_options.verified, "verify first, and print the outcome at the end");
    report->require_subcommand(0, 1);
    auto* verify_report = report->add_subcommand(
        "verify", "count every cell once more from the rows, compare contacts with events");
    verify_report->fallthrough();
    verify_report->callback([&] { verifies = true; });
    report->final_callback([&] {
        status = verifies ? motcua::verify_report(read(common, false), report_options)
                          : motcua::write_report(read(common, false), report_options);
    });

    try {
        program.parse(count, arguments);
    } catch (const CLI::ParseError& error) {
        return program.exit(error) == 0 ? 0 : usage_error;
    }
    return status;
}

} // namespace

int main(int count, char** arguments)
{
    try {
        return run(count, arguments);
    } catch (const motcua::configuration_error& error) {
        std::cerr << "motcua: " << error.what() << '\n';
        return usage_error;
    } catch (const std::exception& error) {
        std::cerr << "motcua: " << error.what() << '\n';
        return 1;
    }
}
