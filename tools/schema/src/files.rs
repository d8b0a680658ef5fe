//! The files in `protocol/`.

use std::fs;
use std::path::Path;

use crate::Failure;

/// Names of all .proto files below `protocol` as an `import` writes them, sorted.
pub fn proto_names(protocol: &Path) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    collect(protocol, protocol, &mut names)?;
    names.sort();
    Ok(names)
}

fn collect(root: &Path, folder: &Path, names: &mut Vec<String>) -> Result<(), Failure> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, names)?;
        } else if path.extension().is_some_and(|end| end == "proto") {
            let name = path.strip_prefix(root).expect("collected below root");
            names.push(name.to_str().ok_or("a file name is not UTF-8")?.to_owned());
        }
    }
    Ok(())
}
