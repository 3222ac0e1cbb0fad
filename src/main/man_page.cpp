#include "man_page.hpp"

namespace motcua {
namespace {

std::string escaped(const std::string& text)
{
    std::string out;
    for (const char character : text) {
        if (character == '\\')
            out += "\\e";
        else if (character == '-')
            out += "\\-";
        else
            out += character;
    }
    if (!out.empty() && (out.front() == '.' || out.front() == '\''))
        out.insert(0, "\\&"); // no request
    return out;
}

void describe_options(const CLI::App& command, std::string& out)
{
    for (const auto* option : command.get_options()) {
        if (option->get_group().empty() || option->get_name(false, true) == "--help")
            continue;
        auto name = option->get_name(false, true);
        if (name == "-h,--help")
            continue;
        if (option->get_items_expected_max() > 0 && !option->get_positional())
            name += " VALUE";
        out += ".TP\n.B " + escaped(name) + "\n" + escaped(option->get_description()) +
               (option->get_required() ? " (required)" : "") + "\n";
    }
}

void describe(const CLI::App& command, const std::string& path, std::string& out)
{
    for (const auto* sub : command.get_subcommands([](const CLI::App*) { return true; })) {
        const auto name = path + " " + sub->get_name();
        out += ".SS " + escaped(name) + "\n" + escaped(sub->get_description()) + "\n";
        describe_options(*sub, out);
        describe(*sub, name, out);
    }
}

} // namespace

std::string man_page(const CLI::App& program, const std::string& version)
{
    std::string out = ".TH MOTCUA 1 \"\" \"motcua " + version + "\" \"Một Cửa\"\n";
    out += ".SH NAME\nmotcua \\- " + escaped(program.get_description()) + "\n";
    out += ".SH SYNOPSIS\n.B motcua\n.I command\n[\\fIoptions\\fR]\n";
    out += ".SH COMMANDS\n";
    describe(program, program.get_name(), out);
    out += R"(.SH EXIT STATUS
0: done. 1: a finding or a failure, told in one line. 2: wrong usage or configuration.
.SH FILES
.TP
.I /etc/motcua/motcua.yml
configuration, read when no \-\-config is given
.TP
.I /var/lib/motcua
database, citizens' files, keys
.TP
.I /usr/share/motcua
intents, data and web desk as shipped; copy what you want to edit and name the copy in content.intents, content.data
.TP
.I /usr/share/doc/motcua
guides (Vietnamese): van\-hanh.md, huong\-dan\-can\-bo.md, noi\-dung.md
.SH SIGNALS
TERM, INT: stop, finishing what is under way. HUP: read the content anew.
.SH ENVIRONMENT
MOTCUA_OA_SECRET_KEY, MOTCUA_APP_SECRET_KEY, MOTCUA_REFRESH_TOKEN, MOTCUA_ACCESS_TOKEN, MOTCUA_TOKEN_KEY, MOTCUA_SIGNING_KEY,
MOTCUA_DOSSIER_TOKEN: secrets in place of files.
)";
    return out;
}

} // namespace motcua
