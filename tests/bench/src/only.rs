//! Which workloads are measured.

/// Beginnings of their names; none for all.
#[derive(Debug)]
pub struct Only(Vec<String>);

impl Only {
    /// What TABGRAD_BENCH_ONLY asks for.
    pub fn asked() -> Self {
        let asked = std::env::var("TABGRAD_BENCH_ONLY").unwrap_or_default();
        Self(asked.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect())
    }

    /// Whether it is one of them.
    pub fn takes(&self, workload: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|name| workload.starts_with(name.as_str()))
    }
}
