#include <motcua/support/metrics.hpp>

#include <algorithm>
#include <charconv>

namespace motcua::metrics {
namespace {

std::string number(double value)
{
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), end.ptr};
}

void append_escaped(std::string& to, std::string_view value)
{
    for (const char letter : value) {
        if (letter == '\n') {
            to += "\\n";
            continue;
        }
        if (letter == '\\' || letter == '"')
            to += '\\';
        to += letter;
    }
}

} // namespace

histogram::histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)),
      counts_(std::make_unique<std::atomic<std::uint64_t>[]>(bounds_.size() + 1))
{
}

void histogram::record(double value)
{
    const auto place = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
    counts_[static_cast<std::size_t>(place)].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
}

std::uint64_t histogram::count(std::size_t place) const
{
    return counts_[place].load(std::memory_order_relaxed);
}

std::vector<double> seconds_bounds()
{
    return {
        0.0001,
        0.00025,
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10};
}

std::vector<double> count_bounds()
{
    std::vector<double> bounds;
    constexpr int largest = 4096;
    for (int bound = 1; bound <= largest; bound *= 2)
        bounds.push_back(bound);
    return bounds;
}

void exposition::family(std::string_view name, kind is, std::string_view help)
{
    name_ = name;
    text_ += "# HELP " + name_ + " ";
    text_ += help;
    text_ += "\n# TYPE " + name_;
    text_ += is == kind::gauge ? " gauge\n" : is == kind::counter ? " counter\n" : " histogram\n";
}

void exposition::line(std::string_view suffix, labels of, std::string_view bound, double value)
{
    text_ += name_;
    text_ += suffix;
    char between = '{';
    const auto label = [this, &between](std::string_view name, std::string_view word) {
        text_ += between;
        text_ += name;
        text_ += "=\"";
        append_escaped(text_, word);
        text_ += '"';
        between = ',';
    };
    for (const auto& [name, word] : of)
        label(name, word);
    if (!bound.empty())
        label("le", bound);
    if (between == ',')
        text_ += '}';
    text_ += ' ';
    text_ += number(value);
    text_ += '\n';
}

void exposition::sample(double value, labels of)
{
    line("", of, {}, value);
}

void exposition::sample(const histogram& value, labels of)
{
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < value.bounds().size(); ++i) {
        total += value.count(i);
        line("_bucket", of, number(value.bounds()[i]), static_cast<double>(total));
    }
    total += value.count(value.bounds().size());
    line("_bucket", of, "+Inf", static_cast<double>(total));
    line("_sum", of, {}, value.sum());
    line("_count", of, {}, static_cast<double>(total));
}

void exposition::gauge(std::string_view name, std::string_view help, double value)
{
    family(name, kind::gauge, help);
    sample(value);
}

void exposition::counted(std::string_view name, std::string_view help, double value)
{
    family(name, kind::counter, help);
    sample(value);
}

} // namespace motcua::metrics
