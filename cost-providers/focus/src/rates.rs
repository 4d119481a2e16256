//! Exchange rates from a file.

use std::path::Path;

use cost_bill_files::text_of;
use cost_core::exchange::RateTable;
use cost_provider_api::ProviderError;

/// Reads the exchange rates of a file: see [`RateTable::parse`]. The file can be compressed, like
/// the European Central Bank's.
///
/// # Errors
/// [`ProviderError`] if it cannot be read, or contains no rates.
pub fn exchange_rates(path: &Path) -> Result<RateTable, ProviderError> {
    let name = path.display().to_string();
    let text = text_of(path).map_err(|e| ProviderError::unreadable(&name, e))?;
    RateTable::parse(&name, &text).map_err(|e| ProviderError::unreadable(&name, e))
}
