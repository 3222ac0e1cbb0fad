#pragma once

#include <motcua/core/understand/evaluation.hpp>
#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

namespace motcua {

// What `motcua eval` measured. The first of each list is "clean", the others are the noise kinds.
struct evaluation
{
    struct classified
    {
        std::string noise;
        understand::classification_figures figures;
    };
    struct searched
    {
        std::string noise;
        understand::search_figures figures;
    };
    struct query_set
    {
        std::string name;
        std::size_t left_out = 0; // none of their codes is among the procedures
        std::vector<searched> kinds;
    };
    struct latency
    {
        std::string part;
        double p50 = 0; // microseconds
        double p99 = 0;
    };

    std::string model_version;
    std::size_t procedures = 0;
    std::vector<classified> intents;
    understand::classification_figures noisy_intents; // all noise kinds together
    understand::rejection_figures foreign;
    understand::rejection_figures noisy_foreign;
    std::vector<query_set> queries;
    std::vector<latency> latencies;
};

// docs/evaluation.md says what each key means.
nlohmann::ordered_json to_json(const evaluation& measured);

void print_text(const evaluation& measured, std::ostream& out);

// One line per threshold of the file (docs/evaluation.md) that the figures do not meet. Throws
// std::runtime_error naming the file if it cannot be read, holds anything but thresholds, or names
// a figure that was not measured.
std::vector<std::string>
missed_thresholds(const nlohmann::ordered_json& figures, const std::filesystem::path& file);

} // namespace motcua
