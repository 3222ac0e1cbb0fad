#include "database_setup.hpp"

#include "procedure_source.hpp"

namespace motcua {

sqlite::database_options database_options_of(const configuration& config)
{
    sqlite::database_options out;
    out.file = database_file(config);
    out.audit_directory = config.audit.directory;
    out.visit_gap = std::chrono::minutes(config.report.visit_gap_minutes);
    return out;
}

std::filesystem::path totp_key_file(const configuration& config)
{
    return config.accounts.key_file.empty() ? config.storage.directory / "totp.key"
                                            : config.accounts.key_file;
}

} // namespace motcua
