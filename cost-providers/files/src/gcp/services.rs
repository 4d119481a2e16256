//! Meaning of Google names: FOCUS category of a service, name of a region, type of a resource,
//! FOCUS units.

/// FOCUS `ServiceCategory` by `service.description`, with current and former names. Source: FOCUS
/// 1.2, column `ServiceCategory`, and Google's own grouping of its services ("Google Cloud
/// products"), read 2026-11. Sorted by name.
const CATEGORIES: &[(&str, &str)] = &[
    ("API Gateway", "Integration"),
    ("AlloyDB", "Databases"),
    ("AlloyDB for PostgreSQL", "Databases"),
    ("Apigee", "Integration"),
    ("App Engine", "Compute"),
    ("Application Integration", "Integration"),
    ("Artifact Registry", "Developer Tools"),
    ("Assured Workloads", "Security"),
    ("Backup and DR Service", "Storage"),
    ("Backup for GKE", "Storage"),
    ("Bare Metal Solution", "Compute"),
    ("Batch", "Compute"),
    ("BigQuery", "Analytics"),
    ("BigQuery BI Engine", "Analytics"),
    ("BigQuery Data Transfer Service", "Analytics"),
    ("BigQuery Reservation API", "Analytics"),
    ("BigQuery Storage API", "Analytics"),
    ("Bigtable", "Databases"),
    ("Binary Authorization", "Security"),
    ("Certificate Authority Service", "Security"),
    ("Certificate Manager", "Security"),
    ("Chronicle", "Security"),
    ("Cloud AI Platform", "AI and Machine Learning"),
    ("Cloud AutoML", "AI and Machine Learning"),
    ("Cloud Bigtable", "Databases"),
    ("Cloud Build", "Developer Tools"),
    ("Cloud CDN", "Networking"),
    ("Cloud Composer", "Integration"),
    ("Cloud DNS", "Networking"),
    ("Cloud Data Fusion", "Integration"),
    ("Cloud Data Loss Prevention", "Security"),
    ("Cloud Dataflow", "Analytics"),
    ("Cloud Dataproc", "Analytics"),
    ("Cloud Deploy", "Developer Tools"),
    ("Cloud Dialogflow API", "AI and Machine Learning"),
    ("Cloud Document AI API", "AI and Machine Learning"),
    ("Cloud Domains", "Networking"),
    ("Cloud Filestore", "Storage"),
    ("Cloud Firestore", "Databases"),
    ("Cloud Functions", "Compute"),
    ("Cloud IDS", "Security"),
    ("Cloud Identity", "Identity"),
    ("Cloud IoT Core", "Internet of Things"),
    ("Cloud Key Management Service (KMS)", "Security"),
    ("Cloud Logging", "Management and Governance"),
    ("Cloud Machine Learning Engine", "AI and Machine Learning"),
    ("Cloud Memorystore for Memcached", "Databases"),
    ("Cloud Memorystore for Redis", "Databases"),
    ("Cloud Monitoring", "Management and Governance"),
    ("Cloud Natural Language", "AI and Machine Learning"),
    ("Cloud Natural Language API", "AI and Machine Learning"),
    ("Cloud Pub/Sub", "Integration"),
    ("Cloud Run", "Compute"),
    ("Cloud Run Functions", "Compute"),
    ("Cloud Run functions", "Compute"),
    ("Cloud SQL", "Databases"),
    ("Cloud Scheduler", "Integration"),
    ("Cloud Source Repositories", "Developer Tools"),
    ("Cloud Spanner", "Databases"),
    ("Cloud Speech API", "AI and Machine Learning"),
    ("Cloud Storage", "Storage"),
    ("Cloud Storage for Firebase", "Storage"),
    ("Cloud Talent Solution", "AI and Machine Learning"),
    ("Cloud Tasks", "Integration"),
    ("Cloud Text-to-Speech API", "AI and Machine Learning"),
    ("Cloud Trace", "Management and Governance"),
    ("Cloud Video Intelligence API", "AI and Machine Learning"),
    ("Cloud Vision API", "AI and Machine Learning"),
    ("Cloud Workstations", "Developer Tools"),
    ("Compute Engine", "Compute"),
    ("Container Registry Vulnerability Scanning", "Security"),
    ("Data Catalog", "Management and Governance"),
    ("Database Migration", "Migration"),
    ("Dataflow", "Analytics"),
    ("Dataform", "Analytics"),
    ("Dataplex", "Analytics"),
    ("Dataproc", "Analytics"),
    ("Dataproc Metastore", "Analytics"),
    ("Datastream", "Analytics"),
    ("Dialogflow API", "AI and Machine Learning"),
    ("Directions API", "Web"),
    ("Discovery Engine API", "AI and Machine Learning"),
    ("Distance Matrix API", "Web"),
    ("Eventarc", "Integration"),
    ("Filestore", "Storage"),
    ("Firebase", "Mobile"),
    ("Firebase App Hosting", "Web"),
    ("Firebase Auth", "Identity"),
    ("Firebase Hosting", "Web"),
    ("Firebase Realtime Database", "Databases"),
    ("Firebase Test Lab", "Mobile"),
    ("Firestore", "Databases"),
    ("Firestore and Datastore", "Databases"),
    ("Gemini API", "AI and Machine Learning"),
    ("Genomics", "Analytics"),
    ("Geocoding API", "Web"),
    ("Geolocation API", "Web"),
    ("Google Cloud Backup and DR", "Storage"),
    ("Google Cloud NetApp Volumes", "Storage"),
    ("Google Cloud VMware Engine", "Compute"),
    ("Google Kubernetes Engine", "Compute"),
    ("Identity Platform", "Identity"),
    ("Integration Connectors", "Integration"),
    ("Kubernetes Engine", "Compute"),
    ("Live Stream API", "Media"),
    ("Looker", "Analytics"),
    ("Looker Studio", "Analytics"),
    ("Managed Service for Apache Kafka", "Analytics"),
    ("Managed Service for Apache Spark Metastore", "Analytics"),
    ("Managed Service for Microsoft Active Directory", "Identity"),
    ("Maps API", "Web"),
    ("Maps Static API", "Web"),
    ("Memorystore for Redis", "Databases"),
    ("Memorystore for Valkey", "Databases"),
    ("NetApp Volumes", "Storage"),
    ("Network Connectivity Center", "Networking"),
    ("Network Intelligence Center", "Networking"),
    ("Network Services", "Networking"),
    ("Networking", "Networking"),
    ("Places API", "Web"),
    ("Places API (New)", "Web"),
    ("Pub/Sub", "Integration"),
    ("Recommendations AI", "AI and Machine Learning"),
    ("Routes API", "Web"),
    ("Secret Manager", "Security"),
    ("Security Command Center", "Security"),
    ("Service Directory", "Networking"),
    ("Source Repository", "Developer Tools"),
    ("Spanner", "Databases"),
    ("Speech-to-Text", "AI and Machine Learning"),
    ("Stackdriver", "Management and Governance"),
    ("Stackdriver Logging", "Management and Governance"),
    ("Stackdriver Monitoring", "Management and Governance"),
    ("Storage Insights", "Storage"),
    ("Storage Transfer Service", "Migration"),
    ("Support", "Management and Governance"),
    ("Transcoder API", "Media"),
    ("Translate", "AI and Machine Learning"),
    ("VM Manager", "Management and Governance"),
    ("VMware Engine", "Compute"),
    ("Vertex AI", "AI and Machine Learning"),
    ("Vertex AI Search", "AI and Machine Learning"),
    ("Web Risk", "Security"),
    ("Workflows", "Integration"),
    ("reCAPTCHA Enterprise", "Security"),
];

/// Locations of regions, by region. Source: Google Cloud documentation, "Geography and regions",
/// and pricing pages (choice of region). Read 2026-11. Sorted.
const REGIONS: &[(&str, &str)] = &[
    ("africa-south1", "Johannesburg"),
    ("asia-east1", "Taiwan"),
    ("asia-east2", "Hong Kong"),
    ("asia-northeast1", "Tokyo"),
    ("asia-northeast2", "Osaka"),
    ("asia-northeast3", "Seoul"),
    ("asia-south1", "Mumbai"),
    ("asia-south2", "Delhi"),
    ("asia-southeast1", "Singapore"),
    ("asia-southeast2", "Jakarta"),
    ("asia-southeast3", "Bangkok"),
    ("australia-southeast1", "Sydney"),
    ("australia-southeast2", "Melbourne"),
    ("europe-central2", "Warsaw"),
    ("europe-north1", "Finland"),
    ("europe-north2", "Stockholm"),
    ("europe-southwest1", "Madrid"),
    ("europe-west1", "Belgium"),
    ("europe-west10", "Berlin"),
    ("europe-west12", "Turin"),
    ("europe-west2", "London"),
    ("europe-west3", "Frankfurt"),
    ("europe-west4", "Netherlands"),
    ("europe-west6", "Zurich"),
    ("europe-west8", "Milan"),
    ("europe-west9", "Paris"),
    ("me-central1", "Doha"),
    ("me-central2", "Dammam"),
    ("me-west1", "Tel Aviv"),
    ("northamerica-northeast1", "Montreal"),
    ("northamerica-northeast2", "Toronto"),
    ("northamerica-south1", "Mexico"),
    ("southamerica-east1", "Sao Paulo"),
    ("southamerica-west1", "Santiago"),
    ("us-central1", "Iowa"),
    ("us-east1", "South Carolina"),
    ("us-east4", "Northern Virginia"),
    ("us-east5", "Columbus"),
    ("us-east7", "Alabama"),
    ("us-south1", "Dallas"),
    ("us-west1", "Oregon"),
    ("us-west2", "Los Angeles"),
    ("us-west3", "Salt Lake City"),
    ("us-west4", "Las Vegas"),
    ("us-west8", "Phoenix"),
];

fn find(table: &'static [(&'static str, &'static str)], key: &str) -> Option<&'static str> {
    table.binary_search_by(|(k, _)| (*k).cmp(key)).ok().map(|at| table[at].1)
}

/// Returns the FOCUS category of a service; `Other` if it is not in the list.
pub(super) fn category(service: &str) -> &'static str {
    find(CATEGORIES, service).unwrap_or("Other")
}

/// Returns the location of a region; the region's own name if it is not in the list, such as for
/// multi-regions.
pub(super) fn region_name(region: &str) -> &str {
    find(REGIONS, region).unwrap_or(region)
}

/// Returns the type of a resource from its name: the collection of its last part, such as
/// `instances` of `//compute.googleapis.com/projects/1/zones/us-central1-a/instances/2`. Source:
/// Google Cloud API design guide, "Resource names": collections and resources alternate.
pub(super) fn resource_type(name: &str) -> Option<&str> {
    let mut parts = name.rsplit('/');
    parts.next()?;
    parts.next().filter(|collection| !collection.is_empty() && !collection.contains('.'))
}

/// Words of units: Google's, and those of FOCUS in singular and plural. Source: FOCUS 1.2,
/// attribute "Unit format"; Cloud Billing Catalog API, "Unit descriptions". Read 2026-11.
const UNITS: &[(&str, &str, &str)] = &[
    ("byte", "B", "B"),
    ("count", "Count", "Counts"),
    ("day", "Day", "Days"),
    ("gibibyte", "GiB", "GiB"),
    ("gigabyte", "GB", "GB"),
    ("hour", "Hour", "Hours"),
    ("kibibyte", "KiB", "KiB"),
    ("mebibyte", "MiB", "MiB"),
    ("minute", "Minute", "Minutes"),
    ("month", "Month", "Months"),
    ("pebibyte", "PiB", "PiB"),
    ("request", "Request", "Requests"),
    ("second", "Second", "Seconds"),
    ("tebibyte", "TiB", "TiB"),
    ("year", "Year", "Years"),
];

/// Returns a unit in the words of FOCUS: `gibibyte month` and `byte-seconds` become `GiB-Months`
/// and `B-Seconds`. A unit with an unknown word is unchanged.
pub(super) fn unit(text: &str) -> String {
    let words: Vec<&str> = text.split([' ', '-']).collect();
    let last = words.len().saturating_sub(1);
    let word = |(at, word): (usize, &&str)| {
        let word = word.to_ascii_lowercase();
        let singular = word.strip_suffix('s').unwrap_or(&word);
        let (_, one, many) = UNITS.iter().find(|(google, _, _)| *google == singular)?;
        Some(if at == last { *many } else { *one })
    };
    let words: Option<Vec<&str>> = words.iter().enumerate().map(word).collect();
    words.map_or_else(|| text.to_owned(), |words| words.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_their_words_are_those_of_focus() {
        assert!(CATEGORIES.windows(2).all(|w| w[0].0 < w[1].0));
        assert!(REGIONS.windows(2).all(|w| w[0].0 < w[1].0));
        assert!(UNITS.windows(2).all(|w| w[0].0 < w[1].0));
        let allowed =
            cost_core::focus::columns::lookup("ServiceCategory").expect("a column").allowed;
        for (service, category) in CATEGORIES {
            assert!(allowed.contains(category), "{service}: {category}");
        }
    }

    #[test]
    fn names_are_found() {
        assert_eq!((category("Cloud SQL"), category("MongoDB Atlas")), ("Databases", "Other"));
        assert_eq!((region_name("us-central1"), region_name("eu")), ("Iowa", "eu"));
    }

    #[test]
    fn resource_names_contain_their_type() {
        assert_eq!(
            resource_type("//compute.googleapis.com/projects/1/zones/us-a/instances/2"),
            Some("instances")
        );
        assert_eq!(
            resource_type("//storage.googleapis.com/projects/_/buckets/logs"),
            Some("buckets")
        );
        assert_eq!(resource_type("projects/1/instances/web"), Some("instances"));
        assert_eq!(
            (resource_type("web"), resource_type("//storage.googleapis.com/logs")),
            (None, None)
        );
    }

    #[test]
    fn units_are_those_of_focus() {
        let units = [
            "hour",
            "gibibyte month",
            "byte-seconds",
            "seconds",
            "requests",
            "Gibibyte hour",
            "1000 tokens",
        ];
        assert_eq!(
            units.map(unit),
            ["Hours", "GiB-Months", "B-Seconds", "Seconds", "Requests", "GiB-Hours", "1000 tokens"]
        );
    }
}
