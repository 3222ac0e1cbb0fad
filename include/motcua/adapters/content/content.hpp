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

struct intents
{
    std::vector<understand::example> examples; // with out_of_scope.yml's lines as out_of_scope
    std::vector<understand::example> tests;    // never trained on
    std::map<std::string, std::string, std::less<>> titles; // by intent
    text::lexicon words;                                    // abbreviations, loanwords
    std::vector<understand::synonym> synonyms;
    std::map<std::string, std::vector<std::string>, std::less<>>
        aliases; // folk names by procedure code
    std::vector<finding> findings;
};

// Any directory of YAML files, each with at least `intent` and `examples`; `understand/` inside it
// is read too. Files with other purposes are known by name: synonyms.yml, abbreviations.yml,
// loanwords.txt, out_of_scope.yml, procedures_aliases.yml; the folder say/ is left to
// read_knowledge.
intents read_intents(const std::filesystem::path& directory);

struct knowledge_files
{
    dialogue::knowledge known; // without procedures
    std::vector<finding> findings;
};

// intents/say/*.yml and data/*.yml but the procedures.
knowledge_files read_knowledge(
    const std::filesystem::path& intents_directory, const std::filesystem::path& data_directory);

// The stricter rules of `motcua check` for our own content: fewer than 20 examples, text in two
// intents, test text found in training, non-NFC, unknown codes, missing phrases, unknown intents in
// answers, payloads that lead nowhere.
std::vector<finding> check_own(
    const intents& read, const knowledge_files& known, const procedures::catalogue& procedures);

} // namespace motcua::content
