//! A serial device, bytes as they are.

use std::fs::{File, OpenOptions};
use std::io;

use rustix::termios::{ControlModes, OptionalActions, tcgetattr, tcsetattr};

/// Opens it: 8 bits, no parity, one stop bit, no flow control.
pub fn open(path: &str, baud: u32) -> io::Result<File> {
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    let mut modes = tcgetattr(&file)?;
    modes.make_raw();
    modes.set_speed(baud)?;
    modes.control_modes.insert(ControlModes::CLOCAL | ControlModes::CREAD);
    modes.control_modes.remove(ControlModes::CRTSCTS | ControlModes::CSTOPB);
    tcsetattr(&file, OptionalActions::Flush, &modes)?;
    Ok(file)
}
