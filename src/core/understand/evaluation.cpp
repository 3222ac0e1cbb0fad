#include <motcua/core/understand/evaluation.hpp>
#include <motcua/core/understand/language_model.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

namespace motcua::understand {

namespace {

constexpr std::size_t bin_count = 10;
constexpr std::array kept_shares{0.90, 0.95, 0.97, 0.99};
constexpr double rounding = 1e-9; // so that 10 * 0.9 counts as 9

double share(std::size_t part, std::size_t whole)
{
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::vector<intent_figures> figures_by_intent(std::span<const judged_message> judged)
{
    struct counts
    {
        std::size_t messages = 0;
        std::size_t said = 0;
        std::size_t right = 0;
    };
    std::map<std::string, counts> by_name;
    for (const judged_message& one : judged) {
        ++by_name[one.truth].messages;
        ++by_name[one.said].said;
        by_name[one.truth].right += one.said == one.truth ? 1U : 0U;
    }
    std::vector<intent_figures> intents;
    intents.reserve(by_name.size());
    for (const auto& [intent, seen] : by_name)
        intents.push_back(
            {.intent = intent,
             .messages = seen.messages,
             .said = seen.said,
             .precision = share(seen.right, seen.said),
             .recall = share(seen.right, seen.messages),
             .f1 = share(2 * seen.right, seen.messages + seen.said)});
    return intents;
}

std::vector<confusion> confusions_of(std::span<const judged_message> judged)
{
    std::map<std::pair<std::string, std::string>, std::size_t> pairs;
    for (const judged_message& one : judged)
        if (one.said != one.truth)
            ++pairs[{one.truth, one.said}];
    std::vector<confusion> confusions;
    confusions.reserve(pairs.size());
    for (const auto& [pair, count] : pairs)
        confusions.push_back({pair.first, pair.second, count});
    std::ranges::stable_sort(confusions, std::ranges::greater(), &confusion::count);
    return confusions;
}

void measure_calibration(std::span<const judged_message> judged, classification_figures& figures)
{
    std::array<reliability_bin, bin_count> bins{};
    for (const judged_message& one : judged) {
        const auto place = static_cast<std::size_t>(
            std::clamp(one.confidence, 0.0, 1.0) * static_cast<double>(bin_count));
        reliability_bin& bin = bins.at(std::min(place, bin_count - 1));
        ++bin.messages;
        bin.confidence += one.confidence;
        bin.right += one.said == one.truth ? 1 : 0;
    }
    for (std::size_t i = 0; i < bin_count; ++i) {
        reliability_bin& bin = bins.at(i);
        if (bin.messages == 0)
            continue;
        bin.from = share(i, bin_count);
        bin.to = share(i + 1, bin_count);
        bin.confidence /= static_cast<double>(bin.messages);
        bin.right /= static_cast<double>(bin.messages);
        figures.calibration_error +=
            share(bin.messages, judged.size()) * std::abs(bin.confidence - bin.right);
        figures.reliability.push_back(bin);
    }
}

double score_of(const judged_message& one)
{
    return one.said == out_of_scope ? -one.confidence : one.confidence;
}

// Share of the ascending values below the limit.
double share_below(const std::vector<double>& values, double limit)
{
    const auto end = std::ranges::lower_bound(values, limit);
    return share(static_cast<std::size_t>(end - values.begin()), values.size());
}

// The chance that a foreign message ranks below an own one; equal ranks count half.
double area_of(const std::vector<double>& own, const std::vector<double>& foreign)
{
    double below = 0;
    for (const double score : own) {
        const auto [from, to] = std::equal_range(foreign.begin(), foreign.end(), score);
        below += static_cast<double>(from - foreign.begin()) + static_cast<double>(to - from) / 2;
    }
    const std::size_t pairs = own.size() * foreign.size();
    return pairs == 0 ? 0 : below / static_cast<double>(pairs);
}

} // namespace

classification_figures measure_classification(std::span<const judged_message> judged)
{
    classification_figures figures;
    figures.messages = judged.size();
    figures.intents = figures_by_intent(judged);
    figures.confusions = confusions_of(judged);
    measure_calibration(judged, figures);

    std::size_t labelled = 0;
    for (const intent_figures& one : figures.intents) {
        if (one.messages == 0)
            continue;
        ++labelled;
        figures.macro_f1 += one.f1;
    }
    if (labelled > 0)
        figures.macro_f1 /= static_cast<double>(labelled);

    std::size_t right = 0;
    std::size_t answered = 0;
    std::size_t asked = 0;
    std::size_t wrong = 0;
    for (const judged_message& one : judged) {
        const bool is_right = one.said == one.truth;
        right += is_right ? 1U : 0U;
        answered += one.verdict == decision::answer ? 1U : 0U;
        asked += one.verdict == decision::ask ? 1U : 0U;
        wrong += one.verdict == decision::answer && !is_right ? 1U : 0U;
    }
    figures.accuracy = share(right, judged.size());
    figures.answered = share(answered, judged.size());
    figures.asked = share(asked, judged.size());
    figures.wrong_when_answered = share(wrong, answered);
    figures.wrong_answers = share(wrong, judged.size());
    return figures;
}

rejection_figures measure_rejection(std::span<const judged_message> judged)
{
    std::vector<double> own;
    std::vector<double> foreign;
    std::size_t kept = 0;
    std::size_t rejected = 0;
    for (const judged_message& one : judged) {
        if (one.truth == out_of_scope) {
            foreign.push_back(score_of(one));
            rejected += one.verdict == decision::none ? 1U : 0U;
        } else {
            own.push_back(score_of(one));
            kept += one.verdict == decision::none ? 0U : 1U;
        }
    }
    std::ranges::sort(own);
    std::ranges::sort(foreign);
    rejection_figures figures;
    figures.own = own.size();
    figures.foreign = foreign.size();
    figures.area = area_of(own, foreign);
    figures.kept = share(kept, own.size());
    figures.rejected = share(rejected, foreign.size());
    for (const double least : kept_shares) {
        if (own.empty())
            break;
        const auto given_up =
            static_cast<std::size_t>((1 - least) * static_cast<double>(own.size()) + rounding);
        const double threshold = own[std::min(given_up, own.size() - 1)];
        figures.curve.push_back(
            {.kept_at_least = least,
             .kept = 1 - share_below(own, threshold),
             .rejected = share_below(foreign, threshold)});
    }
    return figures;
}

search_figures measure_search(std::span<const judged_query> judged)
{
    search_figures figures;
    std::size_t within_1 = 0;
    std::size_t within_3 = 0;
    std::size_t within_5 = 0;
    std::size_t answered = 0;
    std::size_t asked = 0;
    std::size_t foreign_answered = 0;
    std::size_t wrong = 0;
    for (const judged_query& one : judged) {
        const bool is_answered = one.verdict == decision::answer;
        if (one.right.empty()) {
            ++figures.foreign;
            foreign_answered += is_answered ? 1U : 0U;
            continue;
        }
        ++figures.queries;
        const auto hit = std::ranges::find_if(one.found, [&one](const std::string& code) {
            return std::ranges::find(one.right, code) != one.right.end();
        });
        const auto rank = static_cast<std::size_t>(hit - one.found.begin()) + 1;
        const bool is_found = hit != one.found.end();
        within_1 += is_found && rank <= 1 ? 1U : 0U;
        within_3 += is_found && rank <= 3 ? 1U : 0U;
        within_5 += is_found && rank <= 5 ? 1U : 0U;
        if (is_found)
            figures.mean_reciprocal_rank += share(1, rank);
        answered += is_answered ? 1U : 0U;
        asked += one.verdict == decision::ask ? 1U : 0U;
        wrong += is_answered && (!is_found || rank > 1) ? 1U : 0U;
    }
    if (figures.queries > 0)
        figures.mean_reciprocal_rank /= static_cast<double>(figures.queries);
    figures.recall_at_1 = share(within_1, figures.queries);
    figures.recall_at_3 = share(within_3, figures.queries);
    figures.recall_at_5 = share(within_5, figures.queries);
    figures.answered = share(answered, figures.queries);
    figures.asked = share(asked, figures.queries);
    figures.wrong_when_answered = share(wrong + foreign_answered, answered + foreign_answered);
    figures.wrong_answers = share(wrong + foreign_answered, judged.size());
    figures.foreign_answered = share(foreign_answered, figures.foreign);
    return figures;
}

double percentile(std::vector<double> values, double share_of_all)
{
    if (values.empty())
        return 0;
    const double rank = std::ceil(share_of_all * static_cast<double>(values.size()) - rounding);
    const auto place =
        std::clamp<std::size_t>(static_cast<std::size_t>(std::max(rank, 1.0)), 1, values.size());
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(place - 1);
    std::ranges::nth_element(values, at);
    return *at;
}

} // namespace motcua::understand
