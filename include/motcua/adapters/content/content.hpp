#pragma once

#include <motcua/core/dialogue/knowledge.hpp>
#include <motcua/core/finding.hpp>
#include <motcua/core/text/normaliser.hpp>
#include <motcua/core/understand/language_model.hpp>
#include <motcua/core/understand/search.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

// Reads intents/ and data/ into core values (understanding.md section 6). Nothing here throws for
// bad content: it is reported as findings with file and line, and what could be read is returned.
namespace motcua::content {

// Something the content names that must exist elsewhere, and where it does so.
struct reference
{
    enum class kind
    {
        procedure, // a code, as written
        intent,    // declared by a file of examples, or answered by an entry of `answers`
        payload,   // of a button or a menu entry
    };

    kind of = kind::procedure;
    std::string name;
    std::string file;
    std::size_t line = 0; // 1-based
};

struct intents
{
    std::vector<understand::example> examples; // with out_of_scope.yml's lines as out_of_scope
    std::vector<understand::example> tests;    // never trained on
    std::map<std::string, std::string, std::less<>> titles; // by intent
    text::lexicon words;                                    // abbreviations, loanwords
    std::vector<understand::synonym> synonyms;
    std::map<std::string, std::vector<std::string>, std::less<>>
        aliases;                                                    // folk names by procedure code
    std::map<std::string, std::string, std::less<>> official_names; // of those, by the same code
    understand::search_weights search_weights;
    std::vector<reference> references; // every intent declared, every code with folk names
    std::vector<finding> findings;     // what could not be read
    std::vector<finding> own_findings; // what only check_own() objects to
};

// Any directory of YAML files, each with at least `intent` and `examples`; `understand/` inside it
// is read too. Files with other purposes are known by name: synonyms.yml, abbreviations.yml,
// loanwords.txt, out_of_scope.yml, procedures_aliases.yml, search_weights.yml; the folder say/ is
// left to read_knowledge. In the place of each file of words (all but out_of_scope.yml) that is not
// there stands the one of our own content the program was built with.
intents read_intents(const std::filesystem::path& directory);

struct knowledge_files
{
    dialogue::knowledge known; // without procedures
    std::vector<reference>
        references; // every intent answered, every payload, every code of a field
    std::vector<finding> findings;
};

// intents/say/*.yml and data/*.yml but the procedures.
knowledge_files read_knowledge(
    const std::filesystem::path& intents_directory, const std::filesystem::path& data_directory);

// The stricter rules of `motcua check` for our own content: fewer than 20 examples, text in two
// intents, test text found in training, non-NFC, unknown codes, missing phrases, unknown intents in
// answers, payloads that lead nowhere. A well-formed code is only called unknown if `procedures`
// has national records. What is in `findings` of the arguments is not said again.
std::vector<finding> check_own(
    const intents& read, const knowledge_files& known, const procedures::catalogue& procedures);

} // namespace motcua::content
