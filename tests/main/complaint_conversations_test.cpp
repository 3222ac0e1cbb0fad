#include "content_loader.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/app/complaint_desk.hpp>
#include <motcua/app/complaint_timers.hpp>
#include <motcua/core/complaints/receipt_code.hpp>
#include <motcua/core/text/unicode.hpp>
#include <support/run_coroutine.hpp>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>

// The conversations of tests/complaint_conversations: citizen, desk and time, on the real store,
// the real understanding and the use cases, without sockets (docs/conversations.md).
namespace motcua {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const fs::path source_folder = MOTCUA_SOURCE_DIR;
const fs::path folder = source_folder / "tests/complaint_conversations";
// Monday 2 November 2026, 9:00 in Vietnam.
const utc_time beginning_of_script = std::chrono::sys_days{std::chrono::year{2026} / 11 / 2} + 2h;

app::content load()
{
    configuration config;
    config.content.intents = source_folder / "intents";
    config.content.data = source_folder / "data";
    auto records = content::read_procedures(source_folder / "data/procedures").records;
    return load_content(
        config,
        procedures::catalogue(std::move(records)),
        MOTCUA_TEST_CACHE,
        vietnam_date(beginning_of_script));
}

std::string trimmed(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos)
        return {};
    return std::string(text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1));
}

std::vector<std::string> parts_of(std::string_view text)
{
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find(" | ", begin), text.size());
        parts.push_back(trimmed(text.substr(begin, end - begin)));
        begin = end + 3;
    }
    return parts;
}

// One citizen's world: a database of its own, the desk, and a clock that the script moves.
class player
{
public:
    player(const app::content& content, const fs::path& script) : content_(content), file_(script)
    {
        const fs::path memory = "/dev/shm"; // no disk to wait for
        auto name =
            ((fs::is_directory(memory) ? memory : fs::temp_directory_path()) / "motcua-pa-XXXXXX")
                .string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("cannot make a temporary folder");
        folder_ = name;
        restart();
    }
    ~player()
    {
        database_.reset();
        fs::remove_all(folder_);
    }
    player(const player&) = delete;
    player& operator=(const player&) = delete;

    void play()
    {
        std::ifstream in(file_);
        std::string line;
        while (std::getline(in, line)) {
            ++line_;
            line = text::to_nfc(trimmed(line));
            if (!line.empty() && line.front() != '#')
                take(line);
        }
    }

private:
    void take(const std::string& line)
    {
        using step = void (player::*)(const std::string&);
        static const std::vector<std::pair<std::string, step>> marks{
            {"Tên:", &player::ignore},
            {"Dân:", &player::say},
            {"Dân bấm:", &player::tap},
            {"Dân gửi ảnh:", &player::send_photo},
            {"Dân gửi vị trí:", &player::send_place},
            {"Dân gửi thông tin:", &player::send_info},
            {"Người khác:", &player::other_says},
            {"Bàn xử lý:", &player::desk},
            {"Bàn xử lý không được:", &player::desk_fails},
            {"Sau:", &player::pass_time},
            {"Khởi động lại:", &player::restart_line},
            {"Máy nhắc:", &player::must},
            {"Máy không nhắc:", &player::must_not},
            {"Máy im lặng:", &player::silent}};
        for (const auto& [mark, how] : marks) {
            if (line.starts_with(mark))
                return (this->*how)(trimmed(line.substr(mark.size())));
        }
        throw std::runtime_error(where() + "no such line");
    }

    std::string where() const
    {
        return file_.filename().string() + ":" + std::to_string(line_) + ": ";
    }

    void ignore(const std::string&) {}

    dialogue::inbound_event event(dialogue::event_kind kind)
    {
        dialogue::inbound_event made;
        made.kind = kind;
        made.event_name = "user_send_" + std::string(name(kind));
        made.user_id = "citizen";
        made.message_id = "m" + std::to_string(++events_);
        now_ += 1min;
        made.at = now_;
        return made;
    }

    void send(dialogue::inbound_event made)
    {
        last_.clear();
        const auto raw = made.text + made.message_id;
        ASSERT_TRUE(run_coroutine(context_, events().handle(std::move(made), raw)).has_value());
        collect();
    }

    void say(const std::string& text) { speak(text, "citizen"); }
    void other_says(const std::string& text) { speak(text, "other"); }
    void speak(std::string text, const std::string& who)
    {
        for (auto at = text.find("{{mã}}"); at != std::string::npos; at = text.find("{{mã}}"))
            text.replace(at, std::string_view("{{mã}}").size(), code_);
        auto made = event(dialogue::event_kind::text);
        made.user_id = who;
        made.text = std::move(text);
        send(std::move(made));
    }

    void tap(const std::string& title)
    {
        const auto wanted = text::lower(title);
        for (const auto& message : last_) {
            for (const auto& button : message.buttons) {
                if (text::lower(button.title) == wanted)
                    return say(button.payload);
            }
        }
        ADD_FAILURE() << where() << "no button \"" << title << "\" in: " << all_said();
    }

    void send_photo(const std::string& caption)
    {
        auto made = event(dialogue::event_kind::media);
        made.text = caption;
        made.attachments.emplace_back().type = "image";
        made.attachments.back().url = "https://photo.example/1.jpg";
        send(std::move(made));
    }

    void send_place(const std::string& place)
    {
        auto made = event(dialogue::event_kind::location);
        made.where = {std::stod(place), std::stod(place.substr(place.find(',') + 1))};
        send(std::move(made));
    }

    void send_info(const std::string& words)
    {
        const auto parts = parts_of(words);
        auto made = event(dialogue::event_kind::submit_info);
        made.info = {parts.at(0), parts.at(1), parts.at(2)};
        send(std::move(made));
    }

    app::desk_outcome do_at_desk(const std::string& words)
    {
        const auto parts = parts_of(words);
        complaints::change what{
            .transition = parts.at(0), .by = {complaints::role::coordinator, "an"}};
        const std::map<std::string, std::string*> inputs{
            {"lý do", &what.reason},
            {"lời nhắn", &what.message},
            {"đơn vị", &what.unit},
            {"cơ quan", &what.agency},
            {"trùng", &what.duplicate_of},
            {"từ chối", &what.refusal}};
        for (std::size_t i = 1; i < parts.size(); ++i) {
            const auto equals = parts[i].find('=');
            *inputs.at(trimmed(parts[i].substr(0, equals))) = trimmed(parts[i].substr(equals + 1));
        }
        app::complaint_desk desk(desk_parts());
        return run_coroutine(context_, desk.change(code_, what, std::nullopt)).value();
    }

    void desk(const std::string& words)
    {
        last_.clear();
        const auto end = do_at_desk(words);
        EXPECT_EQ(end.end, app::desk_end::done) << where() << name(end.why);
        collect();
    }

    void desk_fails(const std::string& words)
    {
        last_.clear();
        EXPECT_EQ(do_at_desk(words).end, app::desk_end::refused) << where();
        collect();
    }

    void pass_time(const std::string& words)
    {
        const auto count = std::stoi(words);
        now_ += words.ends_with("ngày")  ? std::chrono::minutes(24h) * count
                : words.ends_with("giờ") ? std::chrono::minutes(1h) * count
                                         : 1min * count;
        last_.clear();
        app::complaint_timers timers(context_.get_executor(), desk_parts());
        ASSERT_TRUE(run_coroutine(context_, timers.tick()).has_value());
        collect();
    }

    void restart_line(const std::string&) { restart(); }
    void restart()
    {
        database_.reset();
        database_ = sqlite::open_database({.file = folder_ / "motcua.db"});
    }

    // What waits in the outbox goes out.
    void collect()
    {
        for (;;) {
            app::claimed batch;
            auto unit = [&](app::transaction& store) {
                batch = store.claim_due(now_ + 1h, 100);
                for (const auto& row : batch.rows)
                    store.settle(
                        row.id,
                        {.state = app::outbox_state::sent,
                         .message_id = "z" + std::to_string(row.id),
                         .reason = {}},
                        now_);
            };
            ASSERT_TRUE(run_coroutine(context_, database_->writer().commit(unit)).has_value());
            if (batch.rows.empty())
                return;
            for (const auto& row : batch.rows) {
                last_.push_back(row.message);
                EXPECT_LE(text::code_points(row.message.text), dialogue::text_limit);
                if (const auto code = complaints::find_receipt_code(row.message.text))
                    code_ = code->code;
            }
        }
    }

    std::string all_said() const
    {
        std::string all;
        for (const auto& message : last_) {
            all += message.text + "\n";
            for (const auto& button : message.buttons)
                all += "[" + button.title + "] ";
        }
        return all;
    }

    void expect(const std::string& words, bool occurs)
    {
        const auto said = text::lower(all_said());
        for (const auto& part : parts_of(words))
            EXPECT_EQ(said.find(text::lower(part)) != std::string::npos, occurs)
                << where() << "\"" << part << "\""
                << (occurs ? " is missing in: " : " must not be in: ") << all_said();
    }
    void must(const std::string& words) { expect(words, true); }
    void must_not(const std::string& words) { expect(words, false); }
    void silent(const std::string&) { EXPECT_TRUE(last_.empty()) << where() << all_said(); }

    app::complaint_desk_parts desk_parts()
    {
        return {
            .store = database_->writer(),
            .current_content = [this] { return content_; },
            .now = [this] { return now_; },
            .outgoing_added = [] {}};
    }
    app::event_handler events()
    {
        return app::event_handler(
            {.store = database_->writer(),
             .workers = context_.get_executor(),
             .current_content = [this] { return content_; },
             .now = [this] { return now_; },
             .pseudonym = [](std::string_view id) { return "p-" + std::string(id); },
             .outgoing_added = [] {},
             .is_test_user = [](std::string_view) { return false; }});
    }

    const app::content& content_;
    fs::path file_;
    fs::path folder_;
    boost::asio::io_context context_;
    std::unique_ptr<sqlite::database> database_;
    utc_time now_ = beginning_of_script;
    std::vector<dialogue::outgoing_message> last_;
    std::string code_; // the last one the machine named
    int events_ = 0;
    int line_ = 0;
};

std::vector<std::string> scripts()
{
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(folder))
        files.push_back(entry.path().string());
    std::ranges::sort(files);
    return files;
}

class ComplaintConversation : public testing::TestWithParam<std::string>
{
};

TEST_P(ComplaintConversation, GoesAsWritten)
{
    static const auto content = load();
    player(content, GetParam()).play();
}

std::string name_of(const testing::TestParamInfo<std::string>& script)
{
    auto name = fs::path(script.param).stem().string();
    std::ranges::replace(name, '-', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Scripts, ComplaintConversation, testing::ValuesIn(scripts()), name_of);

} // namespace
} // namespace motcua
