#include "marks.hpp"

#include "letters.hpp"

#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>

namespace motcua::understand {

namespace {

constexpr std::uint32_t edge = 0;
constexpr std::uint32_t unknown = ~std::uint32_t{0};
constexpr std::size_t most_candidates = 8; // of one word
constexpr std::size_t most_tokens = 64;    // of a text; the rest stays as it was

} // namespace

mark_model::form_id mark_model::id_of(const std::string& word)
{
    const auto [at, is_new] = ids_.try_emplace(word, static_cast<form_id>(forms_.size()));
    if (is_new) {
        forms_.push_back({word, 0});
        by_folded_[text::fold(word)].push_back(at->second);
    }
    return at->second;
}

void mark_model::learn(const std::vector<std::string>& words)
{
    form_id before = edge;
    const auto follow = [this, &before](form_id next) {
        ++pairs_[std::uint64_t{before} << 32U | next];
        ++forms_[next].count;
        before = next;
    };
    for (const std::string& word : words) {
        follow(id_of(word));
        ++words_;
    }
    follow(edge);
}

// One at least.
std::vector<mark_model::candidate>
mark_model::candidates_for(const text::token& token, bool typed_with_marks) const
{
    constexpr double left_out = 0.02; // a mark, by who types them
    std::vector<candidate> found;
    const double others = token.marked || typed_with_marks ? left_out : 1;
    bool has_typed = false;
    if (const auto known = by_folded_.find(token.folded);
        known != by_folded_.end() && !token.placeholder)
        for (const form_id id : known->second) {
            const bool is_typed = forms_[id].text == token.text;
            has_typed = has_typed || is_typed;
            if (is_typed || marks_agree(token.text, forms_[id].text))
                found.push_back({id, is_typed ? 1 : others});
        }
    if (!has_typed && (found.empty() || token.marked || typed_with_marks))
        found.push_back({unknown, 1});
    const auto weight = [this](const candidate& one) {
        return one.typed * (one.id == unknown ? 1 : forms_[one.id].count);
    };
    if (found.size() > most_candidates) {
        std::ranges::sort(found, [&weight](const candidate& a, const candidate& b) {
            return weight(a) != weight(b) ? weight(a) > weight(b) : a.id < b.id;
        });
        found.resize(most_candidates);
    }
    return found;
}

double mark_model::chance(form_id left, form_id right) const
{
    constexpr double pair_share = 0.8;
    constexpr double doubt = 2; // counts that a word's followers lack
    constexpr double stranger = 0.3;
    const double alone = right == unknown ? stranger : forms_[right].count + stranger;
    double sum = (1 - pair_share) * alone / (static_cast<double>(words_) + 1);
    if (left != unknown && right != unknown)
        if (const auto pair = pairs_.find(std::uint64_t{left} << 32U | right); pair != pairs_.end())
            sum += pair_share * pair->second / (forms_[left].count + doubt);
    return sum;
}

// Forward and backward over the forms of each word (Rabiner 1989), scaled at each step.
std::vector<mark_model::reading>
mark_model::restored(const std::vector<text::token>& tokens, bool typed_with_marks) const
{
    std::vector<reading> readings;
    readings.reserve(tokens.size());
    for (const text::token& token : tokens)
        readings.push_back({token.text});
    const std::size_t count = std::min(tokens.size(), most_tokens);
    if (count == 0)
        return readings;

    std::vector<std::vector<candidate>> columns;
    columns.reserve(count + 1);
    for (std::size_t i = 0; i < count; ++i)
        columns.push_back(candidates_for(tokens[i], typed_with_marks));
    columns.push_back({{edge, 1}});
    std::vector<std::vector<double>> steps(count + 1); // of each form, from each before it
    std::vector<std::vector<double>> forward(count + 1);
    const std::vector<candidate> start{{edge, 1}};
    for (std::size_t i = 0; i <= count; ++i) {
        const auto& before = i == 0 ? start : columns[i - 1];
        double total = 0;
        for (const candidate& right : columns[i]) {
            double sum = 0;
            for (std::size_t l = 0; l < before.size(); ++l) {
                const double step = chance(before[l].id, right.id) * right.typed;
                steps[i].push_back(step);
                sum += step * (i == 0 ? 1 : forward[i - 1][l]);
            }
            forward[i].push_back(sum);
            total += sum;
        }
        for (double& one : forward[i])
            one /= total;
    }
    std::vector<double> backward(1, 1);
    for (std::size_t i = count; i-- > 0;) {
        std::vector<double> here(columns[i].size(), 0);
        double total = 0;
        for (std::size_t l = 0; l < here.size(); ++l) {
            for (std::size_t r = 0; r < columns[i + 1].size(); ++r)
                here[l] += steps[i + 1][r * here.size() + l] * backward[r];
            total += here[l];
        }
        for (double& one : here)
            one /= total;
        backward = std::move(here);
        double all = 0;
        double most = -1;
        std::size_t best = 0;
        for (std::size_t c = 0; c < columns[i].size(); ++c) {
            const double sure = forward[i][c] * backward[c];
            all += sure;
            if (sure > most) {
                most = sure;
                best = c;
            }
        }
        if (const form_id id = columns[i][best].id; id != unknown)
            readings[i] = {forms_[id].text, most / all, true};
    }
    return readings;
}

} // namespace motcua::understand
