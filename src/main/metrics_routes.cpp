#include "metrics_routes.hpp"

#include "database_setup.hpp"
#include "staff_routes.hpp"

#include <motcua/adapters/sqlite/store_figures.hpp>
#include <motcua/support/metrics.hpp>
#include <motcua/support/run_on.hpp>
#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <utility>

namespace motcua {
namespace {

using metrics::exposition;
using kind = exposition::kind;

double seconds_of(utc_time when)
{
    return std::chrono::duration<double>(when.time_since_epoch()).count();
}

double age_of(const std::optional<utc_time>& since, utc_time now)
{
    return since ? std::chrono::duration<double>(now - *since).count() : 0;
}

struct routes
{
    metrics_parts parts;
    std::map<std::string, utc_time> certificate_ends; // by listener
    utc_time started{};
};

void add_program(exposition& out, const routes& known)
{
    const auto& parts = known.parts;
    const auto content = parts.current_content();
    out.family("motcua_build_info", kind::gauge, "Always 1; version of program and schema.");
    out.sample(
        1, {{"version", MOTCUA_VERSION}, {"schema", std::to_string(parts.store.schema_version())}});
    out.family("motcua_content_info", kind::gauge, "Always 1; version of model and content.");
    out.sample(
        1,
        {{"model", content.understander->model().version()},
         {"content", content.knowledge->version}});
    out.gauge("motcua_ready", "1 while /readyz says so.", parts.ready() ? 1 : 0);
    out.gauge(
        "motcua_start_time_seconds",
        "When the server started, seconds since 1970.",
        seconds_of(known.started));
}

void add_process(exposition& out)
{
    ::rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    constexpr double microsecond = 1e-6;
    const auto seconds = [](const ::timeval& time) {
        return static_cast<double>(time.tv_sec) + microsecond * static_cast<double>(time.tv_usec);
    };
    out.counted(
        "process_cpu_seconds_total",
        "Processor time used.",
        seconds(used.ru_utime) + seconds(used.ru_stime));
    std::ifstream memory("/proc/self/statm");
    double pages = 0;
    double resident = 0;
    memory >> pages >> resident;
    out.gauge(
        "process_resident_memory_bytes",
        "Resident memory.",
        resident * static_cast<double>(::sysconf(_SC_PAGESIZE)));
    std::error_code unreadable;
    std::filesystem::directory_iterator descriptors("/proc/self/fd", unreadable);
    out.gauge(
        "process_open_fds",
        "Open file descriptors.",
        unreadable ? 0 : static_cast<double>(std::distance(begin(descriptors), end(descriptors))));
    ::rlimit bound{};
    ::getrlimit(RLIMIT_NOFILE, &bound);
    out.gauge("process_max_fds", "Most file descriptors.", static_cast<double>(bound.rlim_cur));
}

void add_deliveries(exposition& out, const webhook& from)
{
    const auto& seen = from.counters();
    const auto sample = [&out](std::string_view result, std::uint64_t count) {
        out.sample(static_cast<double>(count), {{"result", result}});
    };
    out.family("motcua_webhook_events_total", kind::counter, "Deliveries by what became of them.");
    sample("stored", seen.stored);
    sample("duplicate", seen.duplicates);
    sample("stale", seen.stale);
    sample("unheard", seen.unheard);
    sample("probe", seen.probes);
    sample("bad_signature", seen.bad_signatures);
    sample("malformed", seen.malformed);
    sample("refused_overload", seen.refused_overload);
    sample("refused_store", seen.refused_busy);
    out.counted(
        "motcua_webhook_signed_with_header_time_total",
        "Signatures made with the time in the header.",
        static_cast<double>(seen.signed_with_header_time));
    out.gauge(
        "motcua_webhook_under_way",
        "Deliveries not answered yet.",
        static_cast<double>(from.door().under_way()));
    out.family(
        "motcua_webhook_acknowledgement_seconds",
        kind::histogram,
        "From the whole request to the answer 200, the commit included.");
    out.sample(seen.acknowledgement_seconds);
}

void add_handling(exposition& out, const app::handling_metrics& from)
{
    out.family(
        "motcua_understanding_seconds",
        kind::histogram,
        "Normalising, classifying and searching for one message.");
    out.sample(from.understanding_seconds);
    out.family("motcua_contacts_total", kind::counter, "Contacts of citizens by outcome.");
    for (std::size_t i = 0; i < from.contacts.size(); ++i)
        out.sample(
            static_cast<double>(from.contacts[i].value()),
            {{"outcome", reach::name(static_cast<reach::outcome>(i))}});
}

void add_writer(exposition& out, sqlite::database& store)
{
    const auto& figures = store.figures();
    out.gauge(
        "motcua_writer_healthy",
        "0 once a commit has failed with an I/O error.",
        store.writer().healthy() ? 1 : 0);
    out.gauge(
        "motcua_writer_queue_units",
        "Units of work that wait for the writer.",
        static_cast<double>(store.writer().waiting()));
    out.gauge(
        "motcua_writer_queue_limit_units",
        "Most units that may wait.",
        static_cast<double>(app::writer_queue_limit));
    out.family("motcua_writer_commit_seconds", kind::histogram, "A group of units and its fsync.");
    out.sample(figures.commit_seconds);
    out.family("motcua_writer_commit_units", kind::histogram, "Units in a group.");
    out.sample(figures.commit_units);
    out.counted(
        "motcua_writer_refused_total",
        "Units refused because the queue was full.",
        static_cast<double>(figures.refused.value()));
    out.counted(
        "motcua_writer_failed_total",
        "Units that were not stored.",
        static_cast<double>(figures.failed.value()));
}

void add_stored(exposition& out, const sqlite::store_figures& figures, utc_time now)
{
    out.family("motcua_outbox_messages", kind::gauge, "Outgoing messages not at their end.");
    for (const auto& [state, count] : figures.unsent)
        out.sample(static_cast<double>(count), {{"state", state}});
    out.gauge(
        "motcua_outbox_oldest_unsent_seconds",
        "Age of the oldest that does not wait for a contact.",
        age_of(figures.oldest_unsent, now));
    out.family("motcua_handovers", kind::gauge, "Citizens who wait for a person or are answered.");
    out.sample(static_cast<double>(figures.handovers_waiting), {{"state", "waiting"}});
    out.sample(static_cast<double>(figures.handovers_answered), {{"state", "answered"}});
    out.gauge(
        "motcua_handover_longest_wait_seconds",
        "Of a citizen who waits for a person.",
        age_of(figures.longest_waiting, now));
    out.gauge(
        "motcua_database_bytes",
        "Size of the database file.",
        static_cast<double>(figures.database_bytes));
    out.gauge(
        "motcua_database_log_bytes",
        "Size of its write-ahead log.",
        static_cast<double>(figures.log_bytes));
    out.gauge(
        "motcua_disk_free_bytes",
        "Free space where the database lies.",
        static_cast<double>(figures.disk_free_bytes));
}

void add_integrity(exposition& out, const sqlite::integrity_status& status)
{
    out.gauge(
        "motcua_database_damaged",
        "1 once damage was found in the database.",
        status.damaged ? 1 : 0);
    out.gauge(
        "motcua_database_checked_time_seconds",
        "When it was last read as a whole to look for damage; 0 = not since the start.",
        status.checked ? seconds_of(*status.checked) : 0);
}

void add_sends(exposition& out, const app::outbox_sender& from)
{
    out.family(
        "motcua_sends_total",
        kind::counter,
        "Calls to the platform and settlements, by state they ended in and error code.");
    for (const auto& [end, count] : from.ends())
        out.sample(static_cast<double>(count), {{"state", name(end.state)}, {"code", end.code}});
    out.gauge(
        "motcua_sending_paused",
        "1 while the platform is not asked because it fails.",
        from.is_paused() ? 1 : 0);
}

void add_tokens(exposition& out, const zalo::token_status& status)
{
    const auto moment = [&out](std::string_view name, std::string_view help, const auto& when) {
        out.gauge(name, help, when ? seconds_of(*when) : 0);
    };
    moment(
        "motcua_token_obtained_time_seconds",
        "When the access token was obtained; 0 = not known.",
        status.obtained);
    moment(
        "motcua_token_expiry_time_seconds",
        "When the access token ends; 0 = not known.",
        status.access_until);
    moment(
        "motcua_token_refresh_expiry_time_seconds",
        "When the refresh token ends; 0 = not known.",
        status.refresh_until);
    out.gauge(
        "motcua_token_alarm",
        "1 while somebody must see to the tokens.",
        status.alarm_since ? 1 : 0);
}

void add_connections(exposition& out, const routes& known)
{
    std::map<std::string, std::pair<std::size_t, http::connection_figures>> all;
    for (const auto& [name, get] : known.parts.listeners)
        if (const auto* const listener = get())
            all[name] = {listener->connections(), listener->figures()};
    out.family("motcua_http_connections", kind::gauge, "Open connections.");
    for (const auto& [name, figures] : all)
        out.sample(static_cast<double>(figures.first), {{"listener", name}});
    out.family(
        "motcua_http_connections_total", kind::counter, "Connections by what became of them.");
    for (const auto& [name, figures] : all) {
        const auto& seen = figures.second;
        const auto sample = [&out, listener = std::string_view(name)](
                                std::string_view result, std::uint64_t count) {
            out.sample(static_cast<double>(count), {{"listener", listener}, {"result", result}});
        };
        sample("accepted", seen.accepted);
        sample("refused", seen.refused);
        sample("evicted", seen.evicted);
        sample("overdue", seen.overdue);
    }
    out.family(
        "motcua_tls_certificate_expiry_time_seconds", kind::gauge, "When the certificate ends.");
    for (const auto& [name, end] : known.certificate_ends)
        out.sample(seconds_of(end), {{"listener", name}});
}

http::response plain(unsigned status, std::string_view text)
{
    http::response reply;
    reply.status = status;
    reply.body = text;
    return reply;
}

bool is_token(std::string_view given, std::string_view right)
{
    constexpr std::string_view scheme = "Bearer ";
    if (!given.starts_with(scheme))
        return false;
    given.remove_prefix(scheme.size());
    return given.size() == right.size() &&
           CRYPTO_memcmp(given.data(), right.data(), right.size()) == 0;
}

// Empty if the request may be answered.
std::optional<http::response> refusal(const configuration& config, const http::request& asked)
{
    if (asked.method != "GET" && asked.method != "HEAD") {
        auto reply = plain(405, "method not allowed\n");
        reply.fields.emplace_back("Allow", "GET, HEAD");
        return reply;
    }
    if (!config.metrics.token.empty()) {
        if (is_token(asked.field("authorization"), config.metrics.token))
            return std::nullopt;
        auto reply = plain(401, "a token is needed\n");
        reply.fields.emplace_back("WWW-Authenticate", "Bearer");
        return reply;
    }
    if (is_from_this_machine(asked))
        return std::nullopt;
    return plain(404, "not found\n");
}

http::asio::awaitable<http::response> answer(
    std::shared_ptr<const routes> known,
    std::shared_ptr<const http::request_handler> others,
    http::request asked)
{
    if (asked.path() != "/metrics") {
        auto reply = co_await (*others)(std::move(asked));
        co_return reply;
    }
    if (auto refused = refusal(known->parts.config, asked))
        co_return std::move(*refused);
    const auto& parts = known->parts;
    const auto now = parts.now();
    auto read = [file = database_options_of(parts.config).file, now] {
        return sqlite::read_store_figures(file, now);
    };
    const auto stored = co_await run_on(parts.workers, std::move(read));
    exposition out;
    add_program(out, *known);
    add_process(out);
    add_deliveries(out, parts.deliveries);
    add_handling(out, parts.handling);
    add_writer(out, parts.store);
    add_stored(out, stored, now);
    add_integrity(out, parts.integrity.status());
    add_sends(out, parts.sender);
    add_tokens(out, parts.tokens());
    add_connections(out, *known);
    http::response reply;
    reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
    reply.fields.emplace_back("Cache-Control", "no-store");
    reply.body = out.take();
    co_return reply;
}

} // namespace

std::optional<utc_time> certificate_end(const std::string& file)
{
    if (file.empty())
        return std::nullopt;
    struct close
    {
        void operator()(BIO* one) const { BIO_free(one); }
        void operator()(X509* one) const { X509_free(one); }
    };
    const std::unique_ptr<BIO, close> in(BIO_new_file(file.c_str(), "r"));
    const std::unique_ptr<X509, close> read(
        in ? PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr) : nullptr);
    std::tm parts{};
    if (!read || ASN1_TIME_to_tm(X509_get0_notAfter(read.get()), &parts) != 1)
        throw std::runtime_error(file + ": no certificate");
    return utc_time(std::chrono::seconds(::timegm(&parts)));
}

http::request_handler make_metrics_routes(metrics_parts parts, http::request_handler others)
{
    auto known = std::make_shared<routes>(routes{std::move(parts), {}, {}});
    const auto& config = known->parts.config;
    const auto keep = [&known](const std::string& name, const std::string& file) {
        if (const auto end = certificate_end(file))
            known->certificate_ends[name] = *end;
    };
    keep("public", config.public_listener.tls_certificate);
    keep("staff", config.staff_listener.tls_certificate);
    known->started = known->parts.now();
    auto rest = std::make_shared<const http::request_handler>(std::move(others));
    return [known = std::shared_ptr<const routes>(std::move(known)), rest](http::request asked) {
        return answer(known, rest, std::move(asked));
    };
}

} // namespace motcua
