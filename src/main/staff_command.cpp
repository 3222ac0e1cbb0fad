#include "commands.hpp"
#include "database_setup.hpp"
#include "procedure_source.hpp"
#include "secret_input.hpp"

#include <motcua/adapters/staff_api/passwords.hpp>
#include <motcua/app/staff_administration.hpp>

#include <algorithm>
#include <functional>
#include <iomanip>
#include <iostream>
#include <memory>
#include <sstream>

namespace motcua {
namespace {

// A password as its user will type it, and whether to show it.
struct chosen_password
{
    std::string text;
    bool made = false;
};

chosen_password choose_password(const staff_command_options& options)
{
    if (options.generate)
        return {staff_api::random_password(), true};
    chosen_password out{read_secret(options.password_file, "temporary password"), false};
    if (const auto why = staff_api::objection_to_password(out.text, options.user_name);
        !why.empty())
        throw configuration_error("the password will not do: " + why);
    if (options.password_file.empty() && is_typed() && read_secret({}, "once more") != out.text)
        throw configuration_error("the two passwords differ");
    return out;
}

std::set<app::staff_role> roles_of(const std::vector<std::string>& words)
{
    std::set<app::staff_role> out;
    for (const auto& word : words) {
        const auto role = app::staff_role_from(word);
        if (!role)
            throw configuration_error(
                "--role " + word + ": viewer, officer, coordinator, editor or admin");
        out.insert(*role);
    }
    return out;
}

app::audit_entry act()
{
    app::audit_entry out;
    out.at = now_utc();
    out.actor = "command line";
    return out;
}

// Runs a change on the database, which a running server holds.
int change(
    const configuration& config, const std::function<app::objection(app::transaction&)>& what)
{
    std::filesystem::create_directories(config.storage.directory);
    std::unique_ptr<sqlite::database> database;
    try {
        database = sqlite::open_database(database_options_of(config));
    } catch (const sqlite::database_in_use&) {
        std::cerr << "motcua: the server is running and holds the database: change accounts on the "
                     "desk, or stop the server first\n";
        return 1;
    }
    auto why = app::objection::none;
    database->run_now([&](app::transaction& store) { why = what(store); });
    if (why == app::objection::none)
        return 0;
    std::cerr << "motcua: " << app::explanation(why) << '\n';
    return 1;
}

app::account known(app::transaction& store, const std::string& user_name)
{
    auto found = store.accounts().find_by_user_name(user_name);
    if (!found)
        throw std::runtime_error("there is no account " + user_name);
    return std::move(*found);
}

void show(const chosen_password& password)
{
    if (password.made)
        std::cout << "temporary password: " << password.text << '\n';
    std::cerr << "to be changed at the next sign-in\n";
}

int add(const configuration& config, const staff_command_options& options)
{
    app::account fresh;
    fresh.who.id = staff_api::random_id("s-");
    fresh.who.user_name = options.user_name;
    fresh.who.name = options.name.empty() ? options.user_name : options.name;
    fresh.who.unit = options.unit;
    fresh.who.roles = roles_of(options.roles);
    fresh.password_temporary = true;
    if (!app::is_user_name(options.user_name))
        throw configuration_error("a user name is 2 to 64 of a-z, 0-9, dot, hyphen and underscore");
    const auto password = choose_password(options);
    fresh.password_hash =
        staff_api::make_password_hasher(staff_api::hashing_cost::usual)->hash(password.text);
    const auto status = change(config, [&fresh](app::transaction& store) {
        return app::add_account(store, fresh, act());
    });
    if (status == 0)
        show(password);
    return status;
}

int set_active(const configuration& config, const staff_command_options& options, bool active)
{
    return change(config, [&](app::transaction& store) {
        const auto found = known(store, options.user_name);
        auto wanted = found.who;
        wanted.active = active;
        return app::change_account(store, wanted, found.version, act());
    });
}

int reset(const configuration& config, const staff_command_options& options)
{
    const auto password = choose_password(options);
    const auto hash =
        staff_api::make_password_hasher(staff_api::hashing_cost::usual)->hash(password.text);
    const auto status = change(config, [&](app::transaction& store) {
        const auto found = known(store, options.user_name);
        if (options.totp)
            app::reset_totp(store, found.who.id, act());
        return app::reset_password(store, found.who.id, hash, act());
    });
    if (status == 0)
        show(password);
    return status;
}

// Beside a running server.
int list(const configuration& config)
{
    const auto reader =
        sqlite::open_reader(database_file(config), database_options_of(config).audit_directory);
    for (const auto& one : reader->accounts().all()) {
        std::string roles;
        for (const auto role : one.who.roles)
            roles += (roles.empty() ? "" : ",") + std::string(app::name(role));
        std::cout << one.who.user_name << '\t' << one.who.name << '\t' << roles << '\t'
                  << (one.who.unit.empty() ? "-" : one.who.unit) << '\t'
                  << (one.who.active ? "active" : "disabled") << '\t'
                  << (one.totp_secret.empty() ? "no authenticator" : "authenticator") << '\n';
    }
    return 0;
}

} // namespace

int staff(const configuration& config, staff_action action, const staff_command_options& options)
{
    switch (action) {
    case staff_action::list:
        return list(config);
    case staff_action::add:
        return add(config, options);
    case staff_action::disable:
        return set_active(config, options, false);
    case staff_action::enable:
        return set_active(config, options, true);
    case staff_action::reset:
        return reset(config, options);
    }
    return 1;
}

int verify_audit(const configuration& config, const std::string& noted)
{
    const auto options = database_options_of(config);
    const auto verdict =
        sqlite::open_reader(options.file, options.audit_directory)->audit().verify(noted);
    std::cout << verdict.rows << " rows\nhead " << verdict.head << '\n';
    if (verdict.intact) {
        std::cout << "intact\n";
        return 0;
    }
    std::cout << "not intact: " << verdict.problem << '\n';
    return 1;
}

} // namespace motcua
