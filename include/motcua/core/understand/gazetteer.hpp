#pragma once

#include <motcua/core/text/normaliser.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Communes and wards of the province by their present and former names (understanding.md section
// 5).
namespace motcua::understand {

// A place a citizen may file at: the one-stop counter or service centre of a commune, or the
// provincial centre.
struct service_centre
{
    std::string name;    // "Trung tâm Phục vụ hành chính công xã Hòa Thành"
    std::string address; // empty = not supplied by the province yet; say so, never guess
    std::string hours;
    std::string phone;
    std::string source; // where the address comes from
};

struct former_unit
{
    std::string name;     // "xã Long Thành Bắc"
    std::string district; // "thị xã Hòa Thành"; empty if unknown
};

struct commune
{
    std::string code; // statistics code
    std::string name; // "xã Hòa Thành", "phường Tân Ninh"
    std::vector<former_unit> former;
    std::vector<std::string> aliases;
    service_centre centre;
};

// Finds communes named in a message. Immutable; safe to use from several threads.
class gazetteer
{
public:
    explicit gazetteer(std::vector<commune> communes);
    ~gazetteer();
    gazetteer(gazetteer&&) noexcept;
    gazetteer& operator=(gazetteer&&) noexcept;

    // The communes the message may mean, without repeats, in the order of the list: present names
    // before former ones, a longer name before a shorter one inside it. Marks that were typed must
    // agree. Several = ambiguous: ask back.
    std::vector<const commune*> find(const text::normalised& message) const;

    const commune* by_code(std::string_view code) const;
    const std::vector<commune>& all() const;

private:
    struct state;
    std::unique_ptr<const state> state_;
};

} // namespace motcua::understand
