//! Services.

use prost_reflect::ServiceDescriptor;

use super::Printer;
use super::options::option_list;
use super::types::relative;

impl Printer<'_> {
    pub fn service(&mut self, service: &ServiceDescriptor) {
        self.comment(service.full_name());
        self.open(&format!("service {}", service.name()));
        for method in service.methods() {
            self.comment(method.full_name());
            let stream = |is_stream| if is_stream { "stream " } else { "" };
            let head = format!(
                "rpc {}({}{}) returns ({}{})",
                method.name(),
                stream(method.is_client_streaming()),
                relative(method.input().full_name(), service.package_name()),
                stream(method.is_server_streaming()),
                relative(method.output().full_name(), service.package_name()),
            );
            let options = option_list(&method.options());
            if options.is_empty() {
                self.line(&format!("{head};"));
            } else {
                self.open(&head);
                for option in options {
                    self.line(&format!("option {option};"));
                }
                self.close();
            }
        }
        self.close();
    }
}
