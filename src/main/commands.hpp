#pragma once

#include "configuration.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

// The subcommands of `motcua` (design.md section 5). Each returns the exit status: 0, or 1 for a
// finding or failure, and writes errors to stderr, one line, naming what to do.
namespace motcua {

int serve(const configuration& config);

struct chat_options
{
    std::string user; // resumes nothing; names the citizen in the prompt
    std::vector<std::filesystem::path> procedures; // empty = the database, else data/procedures
};
int chat(const configuration& config, const chat_options& options);

int check(const configuration& config);

int import_procedures(
    const configuration& config, const std::vector<std::filesystem::path>& files, bool verbose);

struct search_options
{
    std::filesystem::path queries;    // JSON lines {"id","text"}; "-" = standard input
    std::filesystem::path procedures; // empty = the database, else data/procedures
    std::size_t top = 5;
};
int search(const configuration& config, const search_options& options);

int train(const std::filesystem::path& intents, const std::filesystem::path& out);

// JSON lines in, JSON lines out.
int understand_lines(const std::filesystem::path& model, const std::filesystem::path& input);

struct eval_options
{
    std::filesystem::path model;                   // empty = trained from the intents, or cached
    std::vector<std::filesystem::path> queries;    // empty = tests/data/search_queries*.jsonl
    std::vector<std::filesystem::path> procedures; // empty = data/procedures
    std::filesystem::path thresholds; // empty = none; else 1 is returned if one is missed
    bool json = false;
};
// Quality of understanding and search on held-out messages and labelled queries.
int eval(const configuration& config, const eval_options& options);

} // namespace motcua
