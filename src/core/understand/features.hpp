#pragma once

#include <motcua/core/text/normaliser.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace motcua::understand {

// Four views of a message, each with its own L2 norm: words 1-2 as typed; words and unordered
// pairs of words at most four apart, without marks; characters 3-5 without marks and blanks; the
// gist (gist.hpp), words and ordered pairs at most two apart. Each gained over the views of one
// word's characters, which know nothing of the neighbours and break where a blank is missing.
inline constexpr std::size_t block_count = 4;
inline constexpr std::size_t pairs_block = 1;
// The views' norms, chosen on splits of the examples with 10, 40 and all examples of an intent. A
// heavy gist gains 7 points of macro-F1 with ten, 2.5 with forty and 1 with all.
inline constexpr std::array<double, block_count> block_weights{2, 1, 0.7, 1.5};

struct counted_feature
{
    std::uint64_t key; // hash of view and n-gram; evenly spread
    float weight;      // sublinear frequency: 1 + ln(count)
};

// A feature the model does not know counts in its block's norm as if this were its inverse document
// frequency: a message of unknown words gets small margins, which is how foreign ones are told.
inline constexpr float unknown_inverse_document_frequency = 4.0F;

// By block, sorted by key, without repeats.
using feature_blocks = std::array<std::vector<counted_feature>, block_count>;

feature_blocks count_features(const text::normalised& message);

} // namespace motcua::understand
