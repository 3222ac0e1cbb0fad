#include "json.hpp"

#include <boost/pfr/tuple_size.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <cstdio>
#include <numeric>
#include <optional>
#include <span>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace motcua::sqlite {

namespace {

using nlohmann::json;

// Names of enumerators, in their order.
template <class Enum>
constexpr std::array<const char*, 0> names{};
template <>
constexpr std::array names<dialogue::stage>{
    "idle",
    "awaiting_procedure",
    "awaiting_commune",
    "confirming_erasure",
    "awaiting_dossier_code",
    "awaiting_dossier_proof"};
template <>
constexpr std::array names<dialogue::draft_stage>{
    "none",
    "consent",
    "content",
    "duplicate",
    "category",
    "place",
    "contact",
    "anonymous",
    "phone",
    "address",
    "summary",
    "correction",
    "cancelling"};
template <>
constexpr std::array names<dialogue::reply_stage>{"none", "supplement", "objection", "withdrawal"};
template <>
constexpr std::array names<dialogue::button_kind>{"query", "open_url", "open_phone"};
template <>
constexpr std::array names<dialogue::media_kind>{"image", "file"};
template <>
constexpr std::array names<dialogue::purpose>{"answer", "notice", "promotion"};
template <>
constexpr std::array names<procedures::level>{"unknown", "ministry", "province", "commune"};
template <>
constexpr std::array names<procedures::method>{"online", "direct", "postal"};
template <>
constexpr std::array names<procedures::time_unit>{"unknown", "hour", "day", "working_day", "month"};
template <>
constexpr std::array names<procedures::fee_kind>{"unknown", "fee", "charge"};
template <>
constexpr std::array names<procedures::origin>{"national", "own", "overlay"};
template <>
constexpr std::array names<procedures::overlay::online_level>{"unknown", "none", "partly", "fully"};

template <class Enum>
const char* name_of(Enum value)
{
    return names<Enum>.at(static_cast<std::size_t>(value));
}

template <class Struct, class Member>
struct member
{
    const char* name;
    Member Struct::*place;
};
template <class Struct, class Member>
member(const char*, Member Struct::*) -> member<Struct, Member>;

// The members of a struct, each by its own name. `members_of` makes sure that none is forgotten.
template <class Struct>
constexpr std::tuple<> members{};

template <>
constexpr auto members<dialogue::choice> = [] {
    using t = dialogue::choice;
    return std::tuple{member{"title", &t::title}, member{"payload", &t::payload}};
}();
template <>
constexpr auto members<complaints::attachment_reference> = [] {
    using t = complaints::attachment_reference;
    return std::tuple{
        member{"message_id", &t::message_id},
        member{"index", &t::index},
        member{"kind", &t::kind},
        member{"name", &t::name}};
}();
template <>
constexpr auto members<complaints::place> = [] {
    using t = complaints::place;
    return std::tuple{
        member{"commune", &t::commune},
        member{"text", &t::text},
        member{"coordinates", &t::coordinates}};
}();
template <>
constexpr auto members<complaints::contact> = [] {
    using t = complaints::contact;
    return std::tuple{
        member{"anonymous", &t::anonymous},
        member{"name", &t::name},
        member{"phone", &t::phone},
        member{"address", &t::address}};
}();
template <>
constexpr auto members<complaints::moment> = [] {
    using t = complaints::moment;
    return std::tuple{
        member{"transition", &t::transition}, member{"state", &t::state}, member{"at", &t::at}};
}();
template <>
constexpr auto members<complaints::complaint> = [] {
    using t = complaints::complaint;
    return std::tuple{
        member{"id", &t::id},
        member{"version", &t::version},
        member{"code", &t::code},
        member{"user_id", &t::user_id},
        member{"source", &t::source},
        member{"category", &t::category},
        member{"about", &t::about},
        member{"content", &t::content},
        member{"attachments", &t::attachments},
        member{"where", &t::where},
        member{"from", &t::from},
        member{"notice_version", &t::notice_version},
        member{"consented_at", &t::consented_at},
        member{"state", &t::state},
        member{"course", &t::course},
        member{"unit", &t::unit},
        member{"officer", &t::officer},
        member{"agency", &t::agency},
        member{"refusal", &t::refusal},
        member{"duplicate_of", &t::duplicate_of},
        member{"message", &t::message},
        member{"national_code", &t::national_code},
        member{"labels", &t::labels},
        member{"rating", &t::rating},
        member{"reminded", &t::reminded},
        member{"updated_at", &t::updated_at},
        member{"test", &t::test},
        member{"activity", &t::activity}};
}();
template <>
constexpr auto members<complaints::field_change> = [] {
    using t = complaints::field_change;
    return std::tuple{
        member{"field", &t::field}, member{"before", &t::before}, member{"after", &t::after}};
}();
template <>
constexpr auto members<app::transition_inputs> = [] {
    using t = app::transition_inputs;
    return std::tuple{
        member{"reason", &t::reason},
        member{"message", &t::message},
        member{"unit", &t::unit},
        member{"agency", &t::agency},
        member{"duplicate_of", &t::duplicate_of},
        member{"refusal", &t::refusal}};
}();
template <>
constexpr auto members<app::reply_draft> = [] {
    using t = app::reply_draft;
    return std::tuple{
        member{"text", &t::text},
        member{"transition", &t::transition},
        member{"inputs", &t::inputs},
        member{"template_id", &t::template_id}};
}();
template <>
constexpr auto members<dialogue::written_parts> = [] {
    using t = dialogue::written_parts;
    return std::tuple{member{"texts", &t::texts}, member{"attachments", &t::attachments}};
}();
template <>
constexpr auto members<dialogue::complaint_draft> = [] {
    using t = dialogue::complaint_draft;
    return std::tuple{
        member{"at", &t::at},
        member{"before", &t::before},
        member{"paused", &t::paused},
        member{"correcting", &t::correcting},
        member{"assured", &t::assured},
        member{"reminded", &t::reminded},
        member{"pending", &t::pending},
        member{"content", &t::content},
        member{"category", &t::category},
        member{"category_top", &t::category_top},
        member{"where", &t::where},
        member{"from", &t::from},
        member{"notice_version", &t::notice_version},
        member{"consented_at", &t::consented_at},
        member{"touched_at", &t::touched_at}};
}();
template <>
constexpr auto members<dialogue::complaint_reply> = [] {
    using t = dialogue::complaint_reply;
    return std::tuple{
        member{"at", &t::at},
        member{"code", &t::code},
        member{"content", &t::content},
        member{"touched_at", &t::touched_at}};
}();
template <>
constexpr auto members<dialogue::proven_dossier> = [] {
    using t = dialogue::proven_dossier;
    return std::tuple{member{"code", &t::code}, member{"proof", &t::proof}, member{"at", &t::at}};
}();
template <>
constexpr auto members<dialogue::conversation> = [] {
    using t = dialogue::conversation;
    return std::tuple{
        member{"at", &t::at},
        member{"procedure", &t::procedure},
        member{"aspect", &t::aspect},
        member{"case_group", &t::case_group},
        member{"commune", &t::commune},
        member{"choices", &t::choices},
        member{"asked", &t::asked},
        member{"alternatives", &t::alternatives},
        member{"trail", &t::trail},
        member{"draft", &t::draft},
        member{"reply", &t::reply},
        member{"dossier", &t::dossier},
        member{"proven", &t::proven},
        member{"failures", &t::failures},
        member{"last_at", &t::last_at},
        member{"silent_until", &t::silent_until},
        member{"waiting_since", &t::waiting_since},
        member{"welcomed_at", &t::welcomed_at},
        member{"activity", &t::activity},
        member{"credited_at", &t::credited_at},
        member{"media_at", &t::media_at},
        member{"silence_told_at", &t::silence_told_at}};
}();
template <>
constexpr auto members<dialogue::button> = [] {
    using t = dialogue::button;
    return std::tuple{
        member{"title", &t::title}, member{"kind", &t::kind}, member{"payload", &t::payload}};
}();
template <>
constexpr auto members<dialogue::list_element> = [] {
    using t = dialogue::list_element;
    return std::tuple{
        member{"title", &t::title},
        member{"subtitle", &t::subtitle},
        member{"image_url", &t::image_url},
        member{"action", &t::action}};
}();
template <>
constexpr auto members<dialogue::media> = [] {
    using t = dialogue::media;
    return std::tuple{member{"kind", &t::kind}, member{"url", &t::url}, member{"id", &t::id}};
}();
template <>
constexpr auto members<dialogue::info_request> = [] {
    using t = dialogue::info_request;
    return std::tuple{
        member{"title", &t::title},
        member{"subtitle", &t::subtitle},
        member{"image_url", &t::image_url}};
}();
template <>
constexpr auto members<dialogue::template_value> = [] {
    using t = dialogue::template_value;
    return std::tuple{member{"name", &t::name}, member{"value", &t::value}};
}();
template <>
constexpr auto members<dialogue::template_use> = [] {
    using t = dialogue::template_use;
    return std::tuple{member{"name", &t::name}, member{"values", &t::values}};
}();
template <>
constexpr auto members<dialogue::outgoing_message> = [] {
    using t = dialogue::outgoing_message;
    return std::tuple{
        member{"text", &t::text},
        member{"buttons", &t::buttons},
        member{"elements", &t::elements},
        member{"attached", &t::attached},
        member{"asks", &t::asks},
        member{"why", &t::why},
        member{"by_template", &t::by_template}};
}();
template <>
constexpr auto members<procedures::fee> = [] {
    using t = procedures::fee;
    return std::tuple{
        member{"kind", &t::kind}, member{"amount_vnd", &t::amount_vnd}, member{"note", &t::note}};
}();
template <>
constexpr auto members<procedures::duration> = [] {
    using t = procedures::duration;
    return std::tuple{
        member{"quantity", &t::quantity}, member{"unit", &t::unit}, member{"note", &t::note}};
}();
template <>
constexpr auto members<procedures::channel> = [] {
    using t = procedures::channel;
    return std::tuple{
        member{"how", &t::how},
        member{"time", &t::time},
        member{"fees", &t::fees},
        member{"note", &t::note}};
}();
template <>
constexpr auto members<procedures::processing_case> = [] {
    using t = procedures::processing_case;
    return std::tuple{member{"name", &t::name}, member{"time", &t::time}};
}();
template <>
constexpr auto members<procedures::form> = [] {
    using t = procedures::form;
    return std::tuple{member{"name", &t::name}, member{"id", &t::id}, member{"url", &t::url}};
}();
template <>
constexpr auto members<procedures::document> = [] {
    using t = procedures::document;
    return std::tuple{
        member{"group", &t::group},
        member{"name", &t::name},
        member{"originals", &t::originals},
        member{"copies", &t::copies},
        member{"attached_form", &t::attached_form}};
}();
template <>
constexpr auto members<procedures::legal_text> = [] {
    using t = procedures::legal_text;
    return std::tuple{member{"number", &t::number}, member{"title", &t::title}};
}();
template <>
constexpr auto members<procedures::source> = [] {
    using t = procedures::source;
    return std::tuple{
        member{"from", &t::from},
        member{"name", &t::name},
        member{"loaded_from", &t::loaded_from},
        member{"as_of", &t::as_of}};
}();
template <>
constexpr auto members<procedures::overlay> = [] {
    using t = procedures::overlay;
    return std::tuple{
        member{"short_name", &t::short_name},
        member{"aliases", &t::aliases},
        member{"online", &t::online},
        member{"postal_return", &t::postal_return},
        member{"fee_text", &t::fee_text},
        member{"fee_resolution", &t::fee_resolution},
        member{"fee_date", &t::fee_date},
        member{"receiving_place", &t::receiving_place},
        member{"hotline", &t::hotline},
        member{"linked_codes", &t::linked_codes}};
}();
template <>
constexpr auto members<procedures::procedure> = [] {
    using t = procedures::procedure;
    return std::tuple{
        member{"code", &t::code},
        member{"portal_id", &t::portal_id},
        member{"name", &t::name},
        member{"short_name", &t::short_name},
        member{"decision_no", &t::decision_no},
        member{"at", &t::at},
        member{"kind", &t::kind},
        member{"field", &t::field},
        member{"promulgator", &t::promulgator},
        member{"subjects", &t::subjects},
        member{"steps", &t::steps},
        member{"channels", &t::channels},
        member{"cases", &t::cases},
        member{"documents", &t::documents},
        member{"sets", &t::sets},
        member{"requirements", &t::requirements},
        member{"executing", &t::executing},
        member{"competent_authority", &t::competent_authority},
        member{"receiving_address", &t::receiving_address},
        member{"results", &t::results},
        member{"legal_basis", &t::legal_basis},
        member{"keywords", &t::keywords},
        member{"url", &t::url},
        member{"in_catalogue", &t::in_catalogue},
        member{"valid_from", &t::valid_from},
        member{"valid_to", &t::valid_to},
        member{"replaces", &t::replaces},
        member{"checked_at", &t::checked_at},
        member{"from", &t::from},
        member{"local", &t::local}};
}();

template <class Struct>
constexpr const auto& members_of()
{
    constexpr auto listed = std::tuple_size_v<std::remove_cvref_t<decltype(members<Struct>)>>;
    static_assert(listed == boost::pfr::tuple_size_v<Struct>, "a member is not stored");
    return members<Struct>;
}

// The members' numbers in the order of their names. Texts are compared by their hash, so a record's
// text must not depend on the order it is declared in.
template <class Struct>
constexpr auto order_of_members = [] {
    constexpr auto listed = std::apply(
        [](const auto&... each) {
            return std::array<std::string_view, sizeof...(each)>{each.name...};
        },
        members<Struct>);
    std::array<std::size_t, listed.size()> order{};
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&listed](std::size_t number) { return listed[number]; });
    return order;
}();

template <class Struct, class Function>
void for_each_member(Function&& function)
{
    [&function]<std::size_t... at>(std::index_sequence<at...>)
    {
        (function(std::get<order_of_members<Struct>[at]>(members_of<Struct>())), ...);
    }
    (std::make_index_sequence<order_of_members<Struct>.size()>{});
}

template <class T>
constexpr bool is_vector = false;
template <class T>
constexpr bool is_vector<std::vector<T>> = true;
template <class T>
constexpr bool is_optional = false;
template <class T>
constexpr bool is_optional<std::optional<T>> = true;

template <class T>
bool left_out(const T& value, const T& initial)
{
    if constexpr (is_vector<T>)
        return value.empty();
    else if constexpr (is_optional<T>)
        return !value;
    else if constexpr (std::equality_comparable<T>)
        return value == initial;
    else
        return false;
}

// Bytes of the well-formed UTF-8 sequence at the front (Unicode, table 3-7); 0 if there is none.
std::size_t sequence_length(std::string_view bytes)
{
    const auto is = [bytes](std::size_t place, unsigned least, unsigned most) {
        const auto byte = place < bytes.size() ? static_cast<unsigned char>(bytes[place]) : 0U;
        return byte >= least && byte <= most;
    };
    const auto tail = [&is](std::size_t place) { return is(place, 0x80, 0xBF); };
    if (is(0, 0x01, 0x7F))
        return 1;
    if (is(0, 0xC2, 0xDF))
        return tail(1) ? 2 : 0;
    if (is(0, 0xE0, 0xEF))
        return is(1, is(0, 0xE0, 0xE0) ? 0xA0 : 0x80, is(0, 0xED, 0xED) ? 0x9F : 0xBF) && tail(2)
                   ? 3
                   : 0;
    if (is(0, 0xF0, 0xF4))
        return is(1, is(0, 0xF0, 0xF0) ? 0x90 : 0x80, is(0, 0xF4, 0xF4) ? 0x8F : 0xBF) && tail(2) &&
                       tail(3)
                   ? 4
                   : 0;
    return 0;
}

void write_escaped(std::string& to, char byte)
{
    constexpr std::string_view digits = "0123456789abcdef";
    constexpr std::string_view escaped = "\"\\\b\f\n\r\t";
    constexpr std::string_view letters = "\"\\bfnrt";
    if (const auto at = escaped.find(byte); at != std::string_view::npos) {
        to += {'\\', letters[at]};
        return;
    }
    const auto value = static_cast<unsigned char>(byte);
    to += {'\\', 'u', '0', '0', digits[value >> 4U], digits[value & 0x0FU]};
}

// What is no UTF-8 becomes U+FFFD: the text of a damaged name must not cost a whole record.
void write_string(std::string& to, std::string_view value)
{
    const auto is_plain = [](char byte) {
        return static_cast<signed char>(byte) >= 0x20 && byte != '"' && byte != '\\';
    };
    to += '"';
    for (std::size_t at = 0; at < value.size();) {
        std::size_t end = at;
        for (std::size_t length = 1; end < value.size() && length != 0; end += length) {
            length = 1;
            if (!is_plain(value[end]))
                length = static_cast<signed char>(value[end]) < 0
                             ? sequence_length(value.substr(end))
                             : 0;
        }
        to.append(value, at, end - at);
        at = end;
        if (at == value.size())
            break;
        if (static_cast<signed char>(value[at]) < 0)
            to += "\uFFFD";
        else
            write_escaped(to, value[at]);
        ++at;
    }
    to += '"';
}

template <class T>
void write(std::string& to, const T& value)
{
    if constexpr (std::same_as<T, std::string>) {
        write_string(to, value);
    } else if constexpr (std::same_as<T, bool>) {
        to += value ? "true" : "false";
    } else if constexpr (std::integral<T>) {
        std::array<char, 24> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        to.append(digits.data(), end);
    } else if constexpr (std::is_enum_v<T>) {
        write_string(to, name_of(value));
    } else if constexpr (std::same_as<T, utc_time>) {
        write(to, value.time_since_epoch().count());
    } else if constexpr (std::same_as<T, procedures::date>) {
        write_string(to, to_text(value));
    } else if constexpr (is_optional<T>) {
        if (value)
            write(to, *value);
        else
            to += "null";
    } else if constexpr (is_vector<T>) {
        char before = '[';
        for (const auto& each : value) {
            to += std::exchange(before, ',');
            write(to, each);
        }
        to += value.empty() ? "[]" : "]";
    } else {
        static const T initial{};
        char before = '{';
        for_each_member<T>([&](const auto& each) {
            if (left_out(value.*each.place, initial.*each.place))
                return;
            to += std::exchange(before, ',');
            write_string(to, each.name);
            to += ':';
            write(to, value.*each.place);
        });
        to += before == '{' ? "{}" : "}";
    }
}

std::optional<procedures::date> date_from(std::string_view text)
{
    std::array<int, 3> part{};
    const std::array<std::pair<std::size_t, std::size_t>, 3> places{{{0, 4}, {5, 2}, {8, 2}}};
    if (text.size() != 10 || text[4] != '-' || text[7] != '-')
        return std::nullopt;
    for (std::size_t i = 0; i < part.size(); ++i) {
        const auto digits = text.substr(places.at(i).first, places.at(i).second);
        const auto* end = digits.data() + digits.size();
        if (std::from_chars(digits.data(), end, part.at(i)).ptr != end)
            return std::nullopt;
    }
    const procedures::date found{
        std::chrono::year{part[0]},
        std::chrono::month{static_cast<unsigned>(part[1])},
        std::chrono::day{static_cast<unsigned>(part[2])}};
    return found.ok() ? std::optional(found) : std::nullopt;
}

template <class T>
void read(const json& from, T& value)
{
    if constexpr (std::same_as<T, std::string>) {
        if (from.is_string())
            value = from.template get_ref<const std::string&>();
    } else if constexpr (std::same_as<T, bool>) {
        if (from.is_boolean())
            value = from.template get<bool>();
    } else if constexpr (std::integral<T>) {
        if (!from.is_number_integer())
            return;
        if (const auto number = from.template get<std::int64_t>(); std::in_range<T>(number))
            value = static_cast<T>(number);
    } else if constexpr (std::is_enum_v<T>) {
        for (std::size_t i = 0; from.is_string() && i < names<T>.size(); ++i) {
            if (from.template get_ref<const std::string&>() == names<T>.at(i))
                value = static_cast<T>(i);
        }
    } else if constexpr (std::same_as<T, utc_time>) {
        if (from.is_number_integer())
            value = utc_time(std::chrono::milliseconds(from.template get<std::int64_t>()));
    } else if constexpr (std::same_as<T, procedures::date>) {
        if (from.is_string())
            value = date_from(from.template get_ref<const std::string&>()).value_or(value);
    } else if constexpr (is_optional<T>) {
        if (!from.is_null())
            read(from, value.emplace());
    } else if constexpr (is_vector<T>) {
        if (!from.is_array())
            return;
        value.reserve(from.size());
        for (const auto& each : from)
            read(each, value.emplace_back());
    } else {
        if (!from.is_object())
            return;
        for_each_member<T>([&](const auto& each) {
            if (const auto found = from.find(each.name); found != from.end())
                read(*found, value.*each.place);
        });
    }
}

template <class T>
std::string dumped(const T& value)
{
    std::string text;
    write(text, value);
    return text;
}

template <class T>
T parsed(std::string_view text)
{
    const auto object = json::parse(text, nullptr, false);
    if (!object.is_object())
        throw std::runtime_error("a stored record is no JSON object");
    T value;
    read(object, value);
    return value;
}

} // namespace

std::string to_json(const dialogue::conversation& value)
{
    return dumped(value);
}
std::string to_json(const dialogue::outgoing_message& value)
{
    return dumped(value);
}
std::string to_json(const complaints::complaint& value)
{
    return dumped(value);
}
std::string to_json(const std::vector<complaints::attachment_reference>& value)
{
    return dumped(value);
}
std::string to_json(const std::vector<complaints::field_change>& value)
{
    return dumped(value);
}
std::string to_json(const app::reply_draft& value)
{
    return dumped(value);
}
std::string to_json(const procedures::procedure& value)
{
    return dumped(value);
}

dialogue::conversation conversation_from_json(std::string_view text)
{
    return parsed<dialogue::conversation>(text);
}

dialogue::outgoing_message outgoing_message_from_json(std::string_view text)
{
    return parsed<dialogue::outgoing_message>(text);
}

complaints::complaint complaint_from_json(std::string_view text)
{
    return parsed<complaints::complaint>(text);
}

std::vector<complaints::attachment_reference> attachments_from_json(std::string_view text)
{
    std::vector<complaints::attachment_reference> found;
    read(json::parse(text, nullptr, false), found);
    return found;
}

std::vector<complaints::field_change> changes_from_json(std::string_view text)
{
    std::vector<complaints::field_change> found;
    read(json::parse(text, nullptr, false), found);
    return found;
}

app::reply_draft reply_draft_from_json(std::string_view text)
{
    return parsed<app::reply_draft>(text);
}

procedures::procedure procedure_from_json(std::string_view text)
{
    return parsed<procedures::procedure>(text);
}

std::string to_text(procedures::date value)
{
    const auto year = static_cast<int>(value.year());
    if (!value.ok() || year < 0 || year > 9999)
        return {};
    std::array<char, 16> text{};
    std::snprintf(
        text.data(),
        text.size(),
        "%04d-%02u-%02u",
        year,
        static_cast<unsigned>(value.month()),
        static_cast<unsigned>(value.day()));
    return text.data();
}

std::string to_text(procedures::origin value)
{
    return name_of(value);
}

} // namespace motcua::sqlite
