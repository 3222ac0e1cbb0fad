#include <fcntl.h>
#include <motcua/adapters/zalo/bounded_json.hpp>
#include <motcua/adapters/zalo/oauth.hpp>
#include <motcua/adapters/zalo/token_vault.hpp>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <thread>
#include <utility>

namespace motcua::zalo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr auto vault_name = "tokens.vault";
constexpr auto answer_name = "tokens.answer";
constexpr auto link_name = "tokens.link";
constexpr auto lock_name = "tokens.lock";
constexpr auto state_purpose = "motcua token state 1";
constexpr auto link_purpose = "motcua consent link 1";
constexpr std::size_t shortest_key = 32;
constexpr int key_patience = 50; // tenths of a second
constexpr std::size_t file_limit = 1024UL * 1024;
constexpr std::size_t answer_body_limit = 32UL * 1024;
constexpr std::size_t answer_plain_bytes = answer_body_limit + 1024; // with its frame
constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t answer_file_bytes = nonce_bytes + answer_plain_bytes + tag_bytes;
constexpr ::mode_t others = S_IRWXG | S_IRWXO;

static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == 32);

// --- the disk ---

[[noreturn]] void fail(const fs::path& file, int error = errno)
{
    throw std::system_error(error, std::generic_category(), file.string());
}

class descriptor
{
public:
    descriptor(const fs::path& file, int flags)
        : number_(::open(file.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR))
    {
        if (number_ < 0 && !(errno == ENOENT && (flags & O_CREAT) == 0))
            fail(file);
    }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor()
    {
        if (number_ >= 0)
            ::close(number_);
    }
    int get() const { return number_; }
    bool is_open() const { return number_ >= 0; }

private:
    int number_;
};

void write_all(int to, const fs::path& file, std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto written = ::write(to, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR)
            fail(file);
        if (written > 0)
            bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(to) != 0)
        fail(file);
}

class file_lock final : public vault_lock
{
public:
    explicit file_lock(const fs::path& file) : opened_(file, O_RDWR | O_CREAT) {}
    bool take(const fs::path& file)
    {
        if (::flock(opened_.get(), LOCK_EX | LOCK_NB) == 0)
            return true;
        if (errno != EWOULDBLOCK && errno != EINTR)
            fail(file);
        return false;
    }

private:
    descriptor opened_; // closing gives the lock back
};

class posix_disk final : public vault_disk
{
public:
    std::optional<std::string> read(const fs::path& file) override
    {
        const descriptor opened(file, O_RDONLY);
        if (!opened.is_open())
            return std::nullopt;
        struct ::stat status = {};
        if (::fstat(opened.get(), &status) != 0)
            fail(file);
        if ((status.st_mode & others) != 0)
            throw std::system_error(
                EACCES,
                std::generic_category(),
                file.string() + ": others may read or write it; run chmod 600 on it");
        if (static_cast<std::size_t>(status.st_size) > file_limit)
            fail(file, EFBIG);
        std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
        std::size_t got = 0;
        while (got < bytes.size()) {
            const auto count = ::read(opened.get(), bytes.data() + got, bytes.size() - got);
            if (count < 0 && errno != EINTR)
                fail(file);
            if (count == 0)
                break;
            got += static_cast<std::size_t>(std::max<::ssize_t>(count, 0));
        }
        bytes.resize(got);
        return bytes;
    }

    void write(const fs::path& file, std::string_view bytes) override
    {
        const descriptor opened(file, O_WRONLY | O_CREAT | O_TRUNC);
        write_all(opened.get(), file, bytes);
    }

    void overwrite(const fs::path& file, std::string_view bytes) override
    {
        const descriptor opened(file, O_WRONLY);
        if (!opened.is_open())
            fail(file, ENOENT);
        write_all(opened.get(), file, bytes);
    }

    void rename(const fs::path& from, const fs::path& to) override
    {
        if (std::rename(from.c_str(), to.c_str()) != 0)
            fail(to);
    }

    void remove(const fs::path& file) override
    {
        if (::unlink(file.c_str()) != 0 && errno != ENOENT)
            fail(file);
    }

    void sync_directory(const fs::path& directory) override
    {
        const descriptor opened(directory, O_RDONLY | O_DIRECTORY);
        if (!opened.is_open() || ::fsync(opened.get()) != 0)
            fail(directory);
    }

    std::unique_ptr<vault_lock> try_lock(const fs::path& file) override
    {
        auto lock = std::make_unique<file_lock>(file);
        if (!lock->take(file))
            return nullptr;
        return lock;
    }
};

// --- the state as JSON ---

json json_of(const std::optional<utc_time>& when)
{
    return when ? json(when->time_since_epoch().count()) : json();
}

std::optional<utc_time> time_of(const json& value)
{
    if (!value.is_number_integer())
        return std::nullopt;
    return utc_time(std::chrono::milliseconds(value.get<std::int64_t>()));
}

std::string text_of(const json& value)
{
    return value.is_string() ? value.get<std::string>() : std::string();
}

json json_of(const std::optional<token_pair>& pair)
{
    if (!pair)
        return {};
    return {
        {"access", pair->access},
        {"refresh", pair->refresh},
        {"obtained", json_of(pair->obtained)},
        {"life_seconds", pair->life.count()}};
}

std::optional<token_pair> pair_of(const json& value)
{
    if (!value.is_object())
        return std::nullopt;
    token_pair pair;
    pair.access = text_of(member(value, "access"));
    pair.refresh = text_of(member(value, "refresh"));
    pair.obtained = time_of(member(value, "obtained"));
    const auto& life = member(value, "life_seconds");
    pair.life = life.is_number_integer() ? std::chrono::seconds(life.get<std::int64_t>())
                                         : usual_token_life;
    return pair;
}

json json_of(const vault_state& state)
{
    json intent;
    if (state.intent) {
        intent = {
            {"id", state.intent->id},
            {"is_exchange", state.intent->is_exchange},
            {"refresh_hash", state.intent->refresh_hash},
            {"at", json_of(state.intent->at)}};
    }
    return {
        {"id", state.id},
        {"current", json_of(state.current)},
        {"previous", json_of(state.previous)},
        {"intent", std::move(intent)},
        {"lost_since", json_of(state.lost_since)},
        {"imported_hash", state.imported_hash},
        {"last_attempt", json_of(state.last_attempt)},
        {"last_renewal", json_of(state.last_renewal)},
        {"last_error", state.last_error},
        {"alarm_since", json_of(state.alarm_since)},
        {"alarm", state.alarm}};
}

vault_state state_of(const json& value)
{
    vault_state state;
    state.id = text_of(member(value, "id"));
    state.current = pair_of(member(value, "current"));
    state.previous = pair_of(member(value, "previous"));
    const auto& intent = member(value, "intent");
    if (intent.is_object()) {
        state.intent.emplace();
        state.intent->id = text_of(member(intent, "id"));
        state.intent->is_exchange = member(intent, "is_exchange") == true;
        state.intent->refresh_hash = text_of(member(intent, "refresh_hash"));
        state.intent->at = time_of(member(intent, "at")).value_or(utc_time());
    }
    state.lost_since = time_of(member(value, "lost_since"));
    state.imported_hash = text_of(member(value, "imported_hash"));
    state.last_attempt = time_of(member(value, "last_attempt"));
    state.last_renewal = time_of(member(value, "last_renewal"));
    state.last_error = text_of(member(value, "last_error"));
    state.alarm_since = time_of(member(value, "alarm_since"));
    state.alarm = text_of(member(value, "alarm"));
    return state;
}

const unsigned char* bytes_of(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text)
{
    return reinterpret_cast<unsigned char*>(text.data());
}

// Binds an answer to its call: one that an earlier call left behind does not open.
std::string answer_purpose(std::string_view intent_id)
{
    return "motcua token answer 1 " + std::string(intent_id);
}

std::optional<std::string> existing_key(vault_disk& disk, const fs::path& file)
{
    auto key = disk.read(file);
    if (!key)
        return std::nullopt;
    while (key->ends_with('\n') || key->ends_with('\r'))
        key->pop_back();
    if (key->size() < shortest_key)
        throw vault_error(file.string() + ": too short for a key; restore it from the backup");
    return key;
}

} // namespace

void wipe(std::string& secret)
{
    sodium_memzero(secret.data(), secret.size());
    secret.clear();
}

std::unique_ptr<vault_disk> make_vault_disk()
{
    return std::make_unique<posix_disk>();
}

token_vault::token_vault(vault_disk& disk, fs::path directory, std::string_view key)
    : disk_(disk), directory_(std::move(directory))
{
    if (sodium_init() < 0)
        throw std::runtime_error("libsodium does not start");
    if (key.size() < shortest_key)
        throw vault_error("the token key is too short: 32 characters at least");
    constexpr std::string_view use = "motcua token vault";
    crypto_generichash(
        key_.data(), key_.size(), bytes_of(key), key.size(), bytes_of(use), use.size());
}

token_vault::~token_vault()
{
    sodium_memzero(key_.data(), key_.size());
}

// nonce, then the encrypted bytes with their tag
std::string token_vault::sealed(std::string_view purpose, std::string_view plain) const
{
    std::string box(nonce_bytes + plain.size() + tag_bytes, '\0');
    randombytes_buf(box.data(), nonce_bytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        bytes_of(box) + nonce_bytes,
        nullptr,
        bytes_of(plain),
        plain.size(),
        bytes_of(purpose),
        purpose.size(),
        nullptr,
        bytes_of(box),
        key_.data());
    return box;
}

std::optional<std::string> token_vault::opened(std::string_view purpose, std::string_view box) const
{
    if (box.size() < nonce_bytes + tag_bytes)
        return std::nullopt;
    std::string plain(box.size() - nonce_bytes - tag_bytes, '\0');
    const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        bytes_of(plain),
        nullptr,
        nullptr,
        bytes_of(box) + nonce_bytes,
        box.size() - nonce_bytes,
        bytes_of(purpose),
        purpose.size(),
        bytes_of(box),
        key_.data());
    if (failed != 0)
        return std::nullopt;
    return plain;
}

void token_vault::replace(const fs::path& file, std::string_view bytes)
{
    auto part = file;
    part += ".part" + std::to_string(::getpid());
    disk_.write(part, bytes);
    disk_.rename(part, file);
    disk_.sync_directory(directory_);
}

vault_state token_vault::load() const
{
    const auto file = directory_ / vault_name;
    const auto box = disk_.read(file);
    if (!box)
        return {};
    auto plain = opened(state_purpose, *box);
    if (!plain)
        throw vault_error(
            file.string() + ": does not open with this token key; restore the key, or delete the "
                            "file and grant the app its tokens again (motcua token consent)");
    const auto parsed = parse_bounded(*plain);
    wipe(*plain);
    if (!parsed)
        throw vault_error(file.string() + ": written by another version of this program");
    return state_of(*parsed);
}

void token_vault::store(const vault_state& state)
{
    auto plain = json_of(state).dump();
    const auto box = sealed(state_purpose, plain);
    wipe(plain);
    replace(directory_ / vault_name, box);
}

void token_vault::reserve_answer()
{
    const auto file = directory_ / answer_name;
    const auto there = disk_.read(file);
    if (there && there->size() == answer_file_bytes)
        return;
    disk_.write(file, std::string(answer_file_bytes, '\0'));
    disk_.sync_directory(directory_);
}

void token_vault::store_answer(std::string_view intent_id, const stored_answer& answer)
{
    // As bytes, since the body may be anything.
    const auto body = std::string_view(answer.body).substr(0, answer_body_limit);
    json value{
        {"status", answer.status},
        {"received", json_of(answer.received)},
        {"body", json::binary({body.begin(), body.end()})}};
    const auto packed = json::to_cbor(value);
    std::string plain(packed.begin(), packed.end());
    plain.resize(answer_plain_bytes, '\0');
    const auto box = sealed(answer_purpose(intent_id), plain);
    wipe(plain);
    disk_.overwrite(directory_ / answer_name, box);
}

std::optional<stored_answer> token_vault::answer_to(std::string_view intent_id) const
{
    const auto box = disk_.read(directory_ / answer_name);
    if (!box)
        return std::nullopt;
    auto plain = opened(answer_purpose(intent_id), *box);
    if (!plain)
        return std::nullopt;
    const auto value = json::from_cbor(plain->begin(), plain->end(), false, false);
    wipe(*plain);
    const auto& body = member(value, "body");
    const auto& status = member(value, "status");
    const auto received = time_of(member(value, "received"));
    if (!body.is_binary() || !status.is_number_unsigned() || !received)
        return std::nullopt;
    stored_answer answer;
    answer.status = status.get<unsigned>();
    answer.body.assign(body.get_binary().begin(), body.get_binary().end());
    answer.received = *received;
    return answer;
}

std::unique_ptr<vault_lock> token_vault::try_lock()
{
    return disk_.try_lock(directory_ / lock_name);
}

void token_vault::offer_link(std::string_view link, utc_time until)
{
    const json value{{"hash", token_hash(link)}, {"until", json_of(until)}};
    replace(directory_ / link_name, sealed(link_purpose, value.dump()));
}

bool token_vault::take_link(std::string_view link, utc_time now)
{
    const auto file = directory_ / link_name;
    const auto box = disk_.read(file);
    const auto plain = box ? opened(link_purpose, *box) : std::nullopt;
    const auto value = plain ? parse_bounded(*plain) : std::nullopt;
    if (!value)
        return false;
    const auto offered = text_of(member(*value, "hash"));
    const auto until = time_of(member(*value, "until"));
    const auto asked = token_hash(link);
    const bool right = offered.size() == asked.size() &&
                       sodium_memcmp(offered.data(), asked.data(), asked.size()) == 0;
    if (!right || !until)
        return false;
    disk_.remove(file);
    disk_.sync_directory(directory_);
    return now < *until;
}

std::string vault_key_from(vault_disk& disk, const fs::path& file, const fs::path& vault_directory)
{
    if (sodium_init() < 0)
        throw std::runtime_error("libsodium does not start");
    // Two programs that start at once must not make two keys: whoever has no lock waits for the
    // key.
    std::unique_ptr<vault_lock> lock;
    for (int tries = 0; tries < key_patience && !lock; ++tries) {
        if (auto key = existing_key(disk, file))
            return *key;
        lock = disk.try_lock(vault_directory / lock_name);
        if (!lock)
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    if (!lock)
        throw vault_error(file.string() + ": another program is making the token key; start again");
    if (auto key = existing_key(disk, file))
        return *key;
    if (disk.read(vault_directory / vault_name))
        throw vault_error(
            file.string() + ": the key of " + (vault_directory / vault_name).string() +
            " is missing; restore it, or delete the vault and grant the app its tokens again");
    auto key = random_token();
    auto part = file;
    part += ".part" + std::to_string(::getpid());
    disk.write(part, key);
    disk.rename(part, file);
    disk.sync_directory(file.has_parent_path() ? file.parent_path() : fs::path("."));
    return key;
}

} // namespace motcua::zalo
