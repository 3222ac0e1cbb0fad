#pragma once

#include <motcua/core/finding.hpp>
#include <motcua/core/procedures/procedure.hpp>
#include <motcua/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// What the staff changes of procedures: the province's overlay, version by version.
namespace motcua::app {

// One edit. The newest of a code is what the overlay record holds (origin::overlay), unless data
// with a newer date came by other ways.
struct procedure_edit
{
    std::string code;
    std::int64_t version = 1; // of the code, from 1 without gaps
    procedures::overlay local;
    std::string source;       // what is printed
    procedures::date as_of{}; // of the edit, in Vietnam
    std::string staff_id;
    utc_time at{};
    std::string reason;
};

// A part of the transaction, with its rules (storage.hpp).
class procedure_edits
{
public:
    virtual ~procedure_edits() = default;
    virtual std::optional<procedure_edit> newest(std::string_view code) = 0;
    virtual void add(const procedure_edit& value) = 0;
};

// The reader's part.
class procedure_edits_reader
{
public:
    virtual ~procedure_edits_reader() = default;
    // Newest first.
    virtual std::vector<procedure_edit> of(std::string_view code, std::size_t limit) = 0;
    virtual std::set<std::string, std::less<>> codes() = 0;
    // The record as it is stored.
    virtual std::optional<procedures::procedure>
    record(std::string_view code, procedures::origin from) = 0;
    // What transaction::put_procedure would do now.
    enum class fate : std::uint8_t
    {
        added,
        changed,
        unchanged,
        older, // would be passed over
    };
    virtual fate fate_of(const procedures::procedure& record) = 0;
};

// What a file of procedures was read as.
struct procedure_reading
{
    std::vector<procedures::procedure> records;
    std::vector<finding> findings;
    std::size_t skipped = 0;
};

} // namespace motcua::app
