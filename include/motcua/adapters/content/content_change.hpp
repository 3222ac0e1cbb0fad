#pragma once

#include <motcua/app/unknown_review.hpp>

#include <filesystem>
#include <string>
#include <vector>

// What the staff decided about sentences not understood, as files to put in place of ours.
namespace motcua::content {

struct changed_file
{
    std::string
        name; // below the folder that holds intents/ and data/: "intents/understand/fee.yml"
    std::string text; // the whole file
};

struct content_change
{
    // Changed files, and DOC-DAU-TIEN.txt, which says what was taken and what was not, and why.
    std::vector<changed_file> files;
    std::size_t taken = 0; // texts
    std::size_t left = 0;
};

// Adds the decisions' texts to copies of the files of `intents` and, for tests of the search, to
// `queries` (which need not exist). Lines are put at the end of their list; nothing else of a file
// changes. Left out is what `motcua check` would refuse: a text that stands in the content already,
// or has places of hidden numbers. Throws std::runtime_error if the files cannot be read.
content_change make_content_change(
    const std::filesystem::path& intents,
    const std::filesystem::path& queries,
    const std::vector<app::unknown_decision>& decisions);

} // namespace motcua::content
