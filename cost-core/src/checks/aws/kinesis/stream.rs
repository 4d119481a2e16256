//! Names of data streams, shared by the checks of this folder.

use crate::check::ResourceUse;

/// Returns the name of a stream: the part of its ARN after `stream/`.
pub(super) fn name(used: &ResourceUse) -> &str {
    let of_arn = used.resource_id.split_once(":stream/");
    of_arn.map_or(&used.resource_id, |(_, name)| name)
}
