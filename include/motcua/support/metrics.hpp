#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Figures for operators, in Prometheus' text format 0.0.4 (prometheus.io, "Exposition formats").
namespace motcua::metrics {

// Only grows. Any thread.
class counter
{
public:
    void add(std::uint64_t more = 1) { value_.fetch_add(more, std::memory_order_relaxed); }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_ = 0;
};

// How often a measured value was at most each of the bounds. Any thread; a reader beside a writer
// may see a record in part.
class histogram
{
public:
    // Ascending.
    explicit histogram(std::vector<double> bounds);
    void record(double value);
    void record(std::chrono::steady_clock::duration took)
    {
        record(std::chrono::duration<double>(took).count());
    }

    const std::vector<double>& bounds() const { return bounds_; }
    // Of records in bucket `place`, not cumulated; bounds().size() is the one behind the last
    // bound.
    std::uint64_t count(std::size_t place) const;
    double sum() const { return sum_.load(std::memory_order_relaxed); }

private:
    std::vector<double> bounds_;
    std::unique_ptr<std::atomic<std::uint64_t>[]> counts_;
    std::atomic<double> sum_ = 0;
};

// Bounds in seconds from 100 µs to 10 s: 1, 2.5, 5 per decade.
std::vector<double> seconds_bounds();
// Powers of two, 1 to 4,096.
std::vector<double> count_bounds();

using labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// Builds the text. Samples go behind the family they belong to. Names and label names are ours;
// label values are escaped.
class exposition
{
public:
    enum class kind : std::uint8_t
    {
        gauge,
        counter,
        histogram
    };
    void family(std::string_view name, kind is, std::string_view help);
    void sample(double value, labels of = {});
    void sample(const histogram& value, labels of = {});
    // A family of one sample.
    void gauge(std::string_view name, std::string_view help, double value);
    void counted(std::string_view name, std::string_view help, double value);

    std::string take() { return std::move(text_); }

private:
    void line(std::string_view suffix, labels of, std::string_view bound, double value);

    std::string text_;
    std::string name_;
};

} // namespace motcua::metrics
