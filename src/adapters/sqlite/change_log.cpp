#include "change_log.hpp"

#include "statements.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace motcua::sqlite {
namespace {

constexpr auto make_triggers = R"sql(
CREATE TEMP TABLE noted_changes (
    number       INTEGER PRIMARY KEY,
    complaint_id INTEGER, -- NULL: reference data
    message_id   INTEGER, -- NULL: the case itself
    what         TEXT NOT NULL DEFAULT '', -- empty: its line of the history says so
    former_unit  TEXT NOT NULL DEFAULT '',
    staff_id     TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TEMP TRIGGER note_case AFTER UPDATE OF version ON complaints
WHEN NEW.version <> OLD.version BEGIN
    INSERT INTO noted_changes (complaint_id, former_unit) VALUES (NEW.id, OLD.unit);
END;
CREATE TEMP TRIGGER note_history AFTER INSERT ON complaint_history BEGIN
    INSERT INTO noted_changes (complaint_id, what) VALUES (NEW.complaint_id, NEW.what);
END;
CREATE TEMP TRIGGER note_message AFTER INSERT ON complaint_messages BEGIN
    INSERT INTO noted_changes (complaint_id, message_id) VALUES (NEW.complaint_id, NEW.id);
END;
-- A reply was given to the outbox, or could not be.
CREATE TEMP TRIGGER note_handover AFTER UPDATE OF outbox_id ON complaint_messages BEGIN
    INSERT INTO noted_changes (complaint_id, message_id) VALUES (NEW.complaint_id, NEW.id);
END;
CREATE TEMP TRIGGER note_reply AFTER UPDATE OF state ON complaint_replies BEGIN
    INSERT INTO noted_changes (complaint_id, message_id) VALUES (NEW.complaint_id, NEW.message_id);
END;
CREATE TEMP TRIGGER note_delivery AFTER UPDATE OF state ON outbox
WHEN NEW.state <> OLD.state BEGIN
    INSERT INTO noted_changes (complaint_id, message_id)
    SELECT complaint_id, id FROM complaint_messages WHERE outbox_id = NEW.id;
END;
CREATE TEMP TRIGGER note_file AFTER UPDATE OF state ON attachments
WHEN NEW.message_id IS NOT NULL AND NEW.state IN ('stored', 'failed') AND OLD.state <> NEW.state BEGIN
    INSERT INTO noted_changes (complaint_id, what)
    SELECT complaint_id, 'attachment' FROM complaint_attachments
    WHERE message_id = NEW.message_id AND place = NEW.place;
END;

CREATE TEMP TRIGGER note_new_template AFTER INSERT ON reply_templates BEGIN
    INSERT INTO noted_changes (staff_id) VALUES ('');
END;
CREATE TEMP TRIGGER note_template AFTER UPDATE ON reply_templates BEGIN
    INSERT INTO noted_changes (staff_id) VALUES ('');
END;
CREATE TEMP TRIGGER note_no_template AFTER DELETE ON reply_templates BEGIN
    INSERT INTO noted_changes (staff_id) VALUES ('');
END;
CREATE TEMP TRIGGER note_new_unit AFTER INSERT ON units BEGIN
    INSERT INTO noted_changes (staff_id) VALUES ('');
END;
CREATE TEMP TRIGGER note_unit AFTER UPDATE ON units BEGIN
    INSERT INTO noted_changes (staff_id) VALUES ('');
END;
CREATE TEMP TRIGGER note_no_unit AFTER DELETE ON units BEGIN
    INSERT INTO noted_changes (staff_id) VALUES ('');
END;
CREATE TEMP TRIGGER note_new_member AFTER INSERT ON staff BEGIN
    INSERT INTO noted_changes (staff_id) VALUES ('');
END;
CREATE TEMP TRIGGER note_member AFTER UPDATE ON staff
WHEN NEW.version <> OLD.version BEGIN
    INSERT INTO noted_changes (staff_id) VALUES ('');
END;
-- Whoever was signed out hears no more.
CREATE TEMP TRIGGER note_no_session AFTER DELETE ON staff_sessions BEGIN
    INSERT INTO noted_changes (staff_id) VALUES (OLD.staff_id);
END;
CREATE TEMP TRIGGER note_new_view AFTER INSERT ON saved_views BEGIN
    INSERT INTO noted_changes (staff_id) VALUES (iif(NEW.shared, '', NEW.staff_id));
END;
CREATE TEMP TRIGGER note_view AFTER UPDATE ON saved_views BEGIN
    INSERT INTO noted_changes (staff_id) VALUES (iif(NEW.shared OR OLD.shared, '', NEW.staff_id));
END;
CREATE TEMP TRIGGER note_no_view AFTER DELETE ON saved_views BEGIN
    INSERT INTO noted_changes (staff_id) VALUES (iif(OLD.shared, '', OLD.staff_id));
END;
)sql";

SQLite::Database& with_triggers(SQLite::Database& connection)
{
    connection.exec(make_triggers);
    return connection;
}

std::string speaker_of(std::string_view kind, std::string_view role)
{
    return std::string(kind == "staff" && role == "system" ? "bot" : kind);
}

// The change of the same case that waits for its line of the history.
app::change* unnamed(app::change_list& all, const std::string& code)
{
    const auto found = std::ranges::find_if(all, [&code](const app::change& one) {
        return one.is == app::change::kind::complaint && one.what.empty() && one.code == code;
    });
    return found == all.end() ? nullptr : &*found;
}

// A change and its line of the history are one; so are two equal ones.
void append(app::change_list& all, app::change one)
{
    if (one.is == app::change::kind::complaint && !one.what.empty()) {
        if (auto* const before = unnamed(all, one.code)) {
            before->what = std::move(one.what);
            return;
        }
    }
    if (std::ranges::find(all, one) == all.end())
        all.push_back(std::move(one));
}

} // namespace

change_log::change_log(SQLite::Database& connection)
    : fates_(with_triggers(connection)),
      noted_(
          connection,
          "SELECT n.complaint_id IS NULL, n.message_id, n.what, n.former_unit, n.staff_id, "
          "c.code, c.version, c.unit, "
          "m.kind, m.role FROM noted_changes AS n "
          "LEFT JOIN complaints AS c ON c.id = n.complaint_id "
          "LEFT JOIN complaint_messages AS m ON m.id = n.message_id ORDER BY n.number"),
      clear_(connection, "DELETE FROM noted_changes")
{
}

app::change_list change_log::take()
{
    app::change_list all;
    bool noted_any = false;
    {
        use row(noted_);
        while (row.next()) {
            noted_any = true;
            app::change one;
            if (row.integer(0) != 0) {
                one.is = app::change::kind::reference;
                one.staff_id = row.text(4);
                append(all, std::move(one));
                continue;
            }
            one.code = row.text(5);
            one.version = row.integer(6);
            one.unit = row.text(7);
            if (row.is_null(1)) {
                one.what = row.text(2);
                if (row.view(3) != row.view(7))
                    one.former_unit = row.text(3);
            } else if (row.is_null(8)) { // taken back since
                continue;
            } else {
                one.is = app::change::kind::message;
                one.message_id = row.integer(1);
                one.speaker = speaker_of(row.view(8), row.view(9));
                if (const auto fate = fates_.fate_of(one.message_id); fate.delivery)
                    one.delivery = name(fate.delivery->is);
            }
            append(all, std::move(one));
        }
    }
    if (noted_any)
        use(clear_).run();
    for (auto& one : all)
        if (one.is == app::change::kind::complaint && one.what.empty())
            one.what = "change";
    return all;
}

} // namespace motcua::sqlite
