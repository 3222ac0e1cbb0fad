#include <motcua/app/dossier_source.hpp>
#include <motcua/app/storage.hpp>
#include <motcua/support/logging.hpp>
#include <motcua/support/run_on.hpp>

#include <exception>
#include <utility>

namespace motcua::app {
namespace {

class stored_dossiers final : public dossier_source
{
public:
    stored_dossiers(
        std::function<std::unique_ptr<reader>()> open_reader,
        asio::any_io_executor workers,
        dossiers::proof_rule rule)
        : open_reader_(std::move(open_reader)), workers_(std::move(workers)), rule_(name(rule))
    {
    }

    asio::awaitable<found_dossier> find(std::string code) override
    {
        auto look = [this, code = std::move(code)] {
            found_dossier found;
            try {
                if (!reader_)
                    reader_ = open_reader_();
                found = reader_->find_dossier(code, rule_);
            } catch (const std::exception& failure) {
                log::error("dossiers cannot be read", {{"reason", failure.what()}});
                reader_.reset();
            }
            return found;
        };
        auto found = co_await run_on(workers_, std::move(look));
        co_return found;
    }

private:
    std::function<std::unique_ptr<reader>()> open_reader_;
    asio::any_io_executor workers_;
    std::string rule_;
    std::unique_ptr<reader> reader_; // on the worker
};

} // namespace

std::unique_ptr<dossier_source> make_stored_dossiers(
    std::function<std::unique_ptr<reader>()> open_reader,
    asio::any_io_executor workers,
    dossiers::proof_rule rule)
{
    return std::make_unique<stored_dossiers>(std::move(open_reader), std::move(workers), rule);
}

} // namespace motcua::app
