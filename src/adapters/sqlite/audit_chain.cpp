#include "audit_chain.hpp"

#include "statements.hpp"

#include <SQLiteCpp/Transaction.h>
#include <fcntl.h>
#include <motcua/support/logging.hpp>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <set>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace motcua::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t key_bytes = 32;
constexpr std::size_t mac_bytes = 32;
constexpr std::size_t salt_bytes = 16;
constexpr ::mode_t others = S_IRWXG | S_IRWXO;
// Of the head file: two records written in turn, so that a torn write leaves the other one.
constexpr std::size_t record_bytes = 160;
constexpr std::size_t head_bytes = 2 * record_bytes;
// The row that names the rows an erasure has emptied.
constexpr const char* forget_action = "audit_forget";
constexpr std::size_t numbers_in_one_row = 200;

std::string hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

std::string hmac(std::string_view key, std::string_view message)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    const auto* const bytes = reinterpret_cast<const unsigned char*>(message.data());
    if (HMAC(
            EVP_sha256(),
            key.data(),
            static_cast<int>(key.size()),
            bytes,
            message.size(),
            digest.data(),
            &size) == nullptr)
        throw std::runtime_error("HMAC failed");
    return {reinterpret_cast<const char*>(digest.data()), size};
}

std::string random_bytes(std::size_t count)
{
    std::string out(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) != 1)
        throw std::runtime_error("no random bytes");
    return out;
}

// Each with its length in front, so that no two lists give the same bytes.
std::string framed(std::initializer_list<std::string_view> parts)
{
    std::string out;
    for (const auto part : parts) {
        out += std::to_string(part.size());
        out += ':';
        out += part;
    }
    return out;
}

// What the row says of people, hidden behind the salt once that is gone.
std::string commitment_of(
    std::string_view salt,
    std::string_view citizen,
    std::string_view subject,
    std::string_view detail)
{
    return sha256({framed({salt, citizen, subject, detail})});
}

struct chained
{
    std::int64_t number;
    std::int64_t at_ms;
    std::string_view staff_id;
    std::string_view actor;
    std::string_view action;
    std::string_view address;
    std::string_view commitment;
};

std::string mac_of(std::string_view key, const chained& row, std::string_view previous)
{
    return hmac(
        key,
        framed(
            {"motcua audit 1",
             std::to_string(row.number),
             std::to_string(row.at_ms),
             row.staff_id,
             row.actor,
             row.action,
             row.address,
             row.commitment,
             previous}));
}

std::string head_record(std::string_view key, const audit_link& newest)
{
    const auto body = std::to_string(newest.number) + ' ' + hex(newest.mac);
    auto out = body + ' ' + hex(hmac(key, framed({"motcua audit head 1", body})));
    out.resize(record_bytes - 1, ' ');
    return out + '\n';
}

std::optional<audit_link> link_from(std::string_view text)
{
    audit_link out;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out.number);
    const auto used = static_cast<std::size_t>(end - text.data());
    if (failed != std::errc{} || out.number < 0 || text.size() != used + 1 + 2 * mac_bytes ||
        text[used] != ' ')
        return std::nullopt;
    text.remove_prefix(used + 1);
    for (std::size_t i = 0; i < mac_bytes; ++i) {
        unsigned byte = 0;
        const auto* const first = text.data() + 2 * i;
        if (std::from_chars(first, first + 2, byte, 16).ptr != first + 2)
            return std::nullopt;
        out.mac[i] = static_cast<char>(byte);
    }
    return out;
}

// Nothing if the file is not there; an empty text if others may read or write it would be no
// secret: throws then.
std::optional<std::string> private_file(const fs::path& file)
{
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0 && errno == ENOENT)
        return std::nullopt;
    if (descriptor < 0)
        throw std::system_error(errno, std::generic_category(), file.string());
    std::string bytes(4096, '\0');
    struct ::stat status = {};
    const bool known = ::fstat(descriptor, &status) == 0;
    const auto count = ::read(descriptor, bytes.data(), bytes.size());
    ::close(descriptor);
    if (!known || count < 0)
        throw std::system_error(errno, std::generic_category(), file.string());
    if ((status.st_mode & others) != 0)
        throw std::runtime_error(
            file.string() + ": others may read or write it; run chmod 600 on it");
    bytes.resize(static_cast<std::size_t>(count));
    return bytes;
}

std::optional<std::string> read_key(const fs::path& file)
{
    auto key = private_file(file);
    while (key && key->ends_with('\n'))
        key->pop_back();
    if (key && key->size() < key_bytes)
        throw std::runtime_error(file.string() + ": too short for a key; restore it");
    return key;
}

// The newer record that is ours; nothing if there is none.
std::optional<audit_link> read_head(const fs::path& file, std::string_view key)
{
    const auto bytes = private_file(file);
    std::optional<audit_link> newest;
    for (std::size_t at = 0; bytes && at + record_bytes <= bytes->size(); at += record_bytes) {
        const auto record = std::string_view(*bytes).substr(at, record_bytes);
        const auto body = record.substr(0, record.find(' ', record.find(' ') + 1));
        const auto found = link_from(body);
        if (found && record == head_record(key, *found) &&
            (!newest || found->number > newest->number))
            newest = found;
    }
    return newest;
}

void write_at(int to, const fs::path& file, std::string_view bytes, ::off_t at)
{
    if (::pwrite(to, bytes.data(), bytes.size(), at) != static_cast<::ssize_t>(bytes.size()) ||
        ::fdatasync(to) != 0)
        throw std::system_error(errno, std::generic_category(), file.string());
}

int open_private(const fs::path& file, int flags)
{
    const int descriptor = ::open(file.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (descriptor < 0)
        throw std::system_error(errno, std::generic_category(), file.string());
    return descriptor;
}

std::string make_key(const fs::path& file)
{
    auto key = hex(random_bytes(key_bytes));
    const int descriptor = open_private(file, O_WRONLY | O_CREAT | O_EXCL);
    try {
        write_at(descriptor, file, key + '\n', 0);
    } catch (...) {
        ::close(descriptor);
        throw;
    }
    ::close(descriptor);
    return key;
}

audit_link last_link(const SQLite::Database& connection)
{
    statement query(connection, "SELECT number, mac FROM audit ORDER BY number DESC LIMIT 1");
    use row(query);
    audit_link out;
    if (row.next())
        out = {row.integer(0), std::string(row.view(1))};
    return out;
}

} // namespace

audit_chain::audit_chain(audit_files files, const SQLite::Database& connection)
    : files_(std::move(files))
{
    const auto last = last_link(connection);
    auto key = read_key(files_.key());
    if (!key && last.number > 0)
        throw std::runtime_error(
            files_.key().string() + ": the key of the audit is gone; restore it from the backup");
    key_ = key ? std::move(*key) : make_key(files_.key());
    const auto head = read_head(files_.head(), key_);
    if (head && head->number > last.number) {
        floor_ = *head;
        log::error(
            "audit rows are missing at the end",
            {{"last", last.number}, {"expected", head->number}});
    } else if (!head && last.number > 0) {
        floor_ = {last.number + 1, last.mac};
        log::error("the head of the audit is gone", {{"last", last.number}});
    }
    descriptor_ = open_private(files_.head(), O_RDWR | O_CREAT);
    if (!head)
        keep_head(after(last));
}

audit_chain::~audit_chain()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
    OPENSSL_cleanse(key_.data(), key_.size());
}

audit_link audit_chain::after(const audit_link& last) const
{
    return last.number < floor_.number ? floor_ : last;
}

void audit_chain::keep_head(const audit_link& newest)
{
    floor_ = newest; // from now on the table may not end before it
    try {
        const auto slot = static_cast<::off_t>(newest.number % 2);
        write_at(
            descriptor_,
            files_.head(),
            head_record(key_, newest),
            slot * static_cast<::off_t>(record_bytes));
    } catch (const std::system_error& failure) {
        log::error("the head of the audit was not kept", {{"error", failure.code().message()}});
    }
}

audit_rows::audit_rows(SQLite::Database& connection, audit_chain& chain)
    : connection_(connection), chain_(chain)
{
}

void audit_rows::add(const app::audit_entry& entry)
{
    const auto previous = chain_.after(last_link(connection_));
    const auto salt = random_bytes(salt_bytes);
    const auto commitment = commitment_of(salt, entry.citizen, entry.subject, entry.detail);
    const chained row{
        previous.number + 1,
        ms(entry.at),
        entry.staff_id,
        entry.actor,
        entry.action,
        entry.address,
        commitment};
    const auto mac = mac_of(chain_.key(), row, previous.mac);
    const auto citizen =
        entry.citizen.empty() ? std::nullopt : std::optional<std::string>(entry.citizen);
    statement insert(
        connection_,
        "INSERT INTO audit (number, at_ms, staff_id, actor, action, address, citizen, subject, "
        "detail, salt, commitment, mac) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
    use(insert,
        row.number,
        row.at_ms,
        entry.staff_id,
        entry.actor,
        entry.action,
        entry.address,
        citizen,
        entry.subject,
        entry.detail,
        blob{salt},
        blob{commitment},
        blob{mac})
        .run();
    added_ = true;
}

void audit_rows::erase(const std::string& citizen, utc_time now)
{
    std::vector<std::string> numbers{""};
    std::size_t count = 0;
    {
        statement told(connection_, "SELECT number FROM audit WHERE citizen = ?1 ORDER BY number");
        use row(told, citizen);
        for (; row.next(); ++count) {
            if (count > 0 && count % numbers_in_one_row == 0)
                numbers.emplace_back();
            numbers.back() += (numbers.back().empty() ? "" : " ") + std::to_string(row.integer(0));
        }
    }
    if (count == 0)
        return;
    statement forget(
        connection_,
        "UPDATE audit SET citizen = NULL, subject = NULL, detail = NULL, salt = NULL "
        "WHERE citizen = ?1");
    use(forget, citizen).run();
    for (auto& some : numbers)
        add(
            {.at = now,
             .staff_id = {},
             .actor = "system",
             .action = forget_action,
             .subject = {},
             .detail = std::move(some),
             .address = {}});
}

void audit_rows::committed()
{
    if (!added_)
        return;
    added_ = false;
    const auto newest = last_link(connection_);
    if (newest.number > 0)
        chain_.keep_head(newest);
}

audit_reading::audit_reading(SQLite::Database& connection, audit_files files)
    : connection_(connection), files_(std::move(files))
{
}

std::vector<app::audit_row> audit_reading::rows(const app::audit_filter& wanted)
{
    std::string sql = "SELECT number, at_ms, staff_id, actor, action, address, subject, detail, "
                      "salt IS NULL FROM audit WHERE (?1 IS NULL OR number < ?1) "
                      "AND (?2 IS NULL OR at_ms >= ?2) AND (?3 IS NULL OR at_ms < ?3)";
    // Each gets its own index only if it is the whole condition.
    if (!wanted.staff_id.empty())
        sql += " AND staff_id = ?4";
    if (!wanted.subject.empty())
        sql += " AND subject = ?5";
    if (!wanted.action.empty())
        sql += " AND action = ?6";
    sql += " ORDER BY number DESC LIMIT ?7";
    const auto in_ms = [](const std::optional<utc_time>& when) {
        return when ? std::optional<std::int64_t>(ms(*when)) : std::nullopt;
    };
    statement query(connection_, sql);
    const auto limit = static_cast<std::int64_t>(wanted.limit);
    query.bind(7, limit);
    bind_one(query, 1, wanted.before);
    bind_one(query, 2, in_ms(wanted.from));
    bind_one(query, 3, in_ms(wanted.until));
    if (!wanted.staff_id.empty())
        bind_one(query, 4, wanted.staff_id);
    if (!wanted.subject.empty())
        bind_one(query, 5, wanted.subject);
    if (!wanted.action.empty())
        bind_one(query, 6, wanted.action);
    std::vector<app::audit_row> out;
    use row(query);
    while (row.next()) {
        app::audit_row one;
        one.number = row.integer(0);
        one.entry.at = row.time(1);
        one.entry.staff_id = row.text(2);
        one.entry.actor = row.text(3);
        one.entry.action = row.text(4);
        one.entry.address = row.text(5);
        one.entry.subject = row.text(6);
        one.entry.detail = row.text(7);
        one.erased = row.integer(8) != 0;
        out.push_back(std::move(one));
    }
    return out;
}

namespace {

// Walks along the chain and remembers what it met.
class inspection
{
public:
    explicit inspection(std::string_view key) : key_(key) {}

    // Links to be met on the way.
    void expect(const audit_link& one) { expected_.push_back(one); }

    void look_at(const use& row)
    {
        const chained one{
            row.integer(0),
            row.integer(1),
            row.view(2),
            row.view(3),
            row.view(4),
            row.view(5),
            row.view(10)};
        ++rows_;
        if (one.number != last_.number + 1)
            blame(last_.number + 1, "missing");
        const bool emptied = row.is_null(9);
        if (emptied)
            emptied_.insert(one.number);
        else if (
            commitment_of(row.view(9), row.view(6), row.view(7), row.view(8)) != one.commitment)
            blame(one.number, "changed");
        if (mac_of(key_, one, last_.mac) != row.view(11))
            blame(one.number, "changed, put in or moved");
        else if (one.action == forget_action)
            note_forgotten(row.text(8));
        last_ = {one.number, std::string(row.view(11))};
        for (const auto& link : expected_)
            if (link.number == one.number && link.mac != last_.mac)
                blame(one.number, "not the row that was there when its head was kept");
    }

    app::audit_verdict end()
    {
        for (const auto& link : expected_)
            if (link.number > last_.number)
                blame(last_.number + 1, "cut off");
        for (const auto number : emptied_)
            if (!forgotten_.contains(number))
                blame(number, "emptied without an erasure");
        app::audit_verdict out;
        out.intact = !bad_;
        out.rows = rows_;
        out.first_bad_row = bad_;
        if (bad_)
            out.problem = "row " + std::to_string(*bad_) + ": " + why_;
        out.head = std::to_string(last_.number) + ' ' + hex(last_.mac);
        return out;
    }

private:
    void blame(std::int64_t number, const char* why)
    {
        if (bad_ && *bad_ <= number)
            return;
        bad_ = number;
        why_ = why;
    }
    void note_forgotten(const std::string& numbers)
    {
        std::istringstream in(numbers);
        for (std::int64_t number = 0; in >> number;)
            forgotten_.insert(number);
    }

    std::string_view key_;
    std::vector<audit_link> expected_;
    audit_link last_;
    std::int64_t rows_ = 0;
    std::set<std::int64_t> emptied_;
    std::set<std::int64_t> forgotten_;
    std::optional<std::int64_t> bad_;
    std::string why_;
};

} // namespace

app::audit_verdict audit_reading::verify(const std::string& noted)
{
    const auto key = read_key(files_.key());
    if (!key)
        throw std::runtime_error(files_.key().string() + ": the key of the audit is not there");
    inspection inspected(*key);
    // Before the rows: whoever writes meanwhile only goes further.
    const auto head = read_head(files_.head(), *key);
    if (head)
        inspected.expect(*head);
    if (!noted.empty()) {
        const auto link = link_from(noted);
        if (!link)
            throw std::runtime_error("the noted head: a number, a blank, 64 hex digits");
        inspected.expect(*link);
    }
    statement all(
        connection_,
        "SELECT number, at_ms, staff_id, actor, action, address, citizen, subject, detail, salt, "
        "commitment, mac FROM audit ORDER BY number");
    use row(all);
    while (row.next())
        inspected.look_at(row);
    auto verdict = inspected.end();
    if (verdict.intact && !head) {
        verdict.intact = false;
        verdict.problem = files_.head().string() + ": not there, or not ours";
    }
    return verdict;
}

} // namespace motcua::sqlite
