#pragma once

#include <motcua/core/text/normaliser.hpp>
#include <motcua/core/understand/search_weights.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Finding the procedure a citizen means: BM25F over an in-memory inverted index (understanding.md
// section 4).
namespace motcua::understand {

enum class level_hint : std::uint8_t
{
    none,
    commune,
    province,
    ministry
};

// What the index sees of a procedure; made by app from the record, so that core/understand knows no
// record.
struct search_document
{
    std::string code;
    std::string name;
    std::vector<std::string> aliases; // folk names
    std::string result;               // results and names of the papers
    std::string field;                // field and agency
    level_hint level = level_hint::none;
    bool for_citizens = true; // else for enterprises or officials only
    double popularity = 0;    // >= 0, any scale; compared by its logarithm
};

// A row of intents/synonyms.yml: who types `from` may mean `to`.
struct synonym
{
    std::string from;
    std::string to;
    double weight = 0.65; // 0..1, against 1 for a word the citizen typed
    bool both_ways = false;
};

enum class decision : std::uint8_t
{
    answer,
    ask,
    none
};
std::string_view name(decision value);

struct hit
{
    std::string code;
    std::string name;
    double score = 0; // 0..1: how sure; comparable between queries
};

struct search_result
{
    std::vector<hit> hits;             // best first
    decision verdict = decision::none; // answer: the first is it; ask: among the first few; none:
                                       // nothing within reach
    double said =
        0; // words that name a thing, weak ones counted in part; 0: only a question's frame
};

struct search_context
{
    level_hint level = level_hint::none; // named in the message ("ở xã")
    std::size_t top = 5;
};

// Immutable once built; safe to use from several threads.
class procedure_index
{
public:
    // `words` normalises the documents (normalise_official) and must outlive the index.
    procedure_index(
        std::vector<search_document> documents,
        const std::vector<synonym>& synonyms,
        const text::normaliser& words,
        const search_weights& weights = {});
    ~procedure_index();
    procedure_index(procedure_index&&) noexcept;
    procedure_index& operator=(procedure_index&&) noexcept;

    // A procedure code in the query hits directly. Total; no I/O.
    search_result search(const text::normalised& query, const search_context& context = {}) const;

    // Takes other weights from now on, all but those that are baked into the index. Not safe beside
    // a search.
    void reweigh(const search_weights& weights);

    std::size_t size() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace motcua::understand
