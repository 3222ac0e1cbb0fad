#pragma once

#include "configuration.hpp"

#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/core/complaints/workflow.hpp>

namespace motcua {

// Gives the staff the templates of data/templates.yml, once in the life of a database: what they
// change or remove afterwards stays so. Throws content_error if the file is there and faulty.
void load_shipped_templates(
    const configuration& config, sqlite::database& store, const complaints::rules& rules);

} // namespace motcua
