//! The registers of a LAN9118 that its driver needs, by the names of its data sheet, and those of
//! its MAC and its PHY, which are reached through them.

/// Its address on the board.
const BASE: usize = 0x4020_0000;

pub const RX_DATA: Register = Register(0x00);
pub const TX_DATA: Register = Register(0x20);
pub const RX_STATUS: Register = Register(0x40);
pub const IRQ_CFG: Register = Register(0x54);
pub const INT_STS: Register = Register(0x58);
pub const INT_EN: Register = Register(0x5c);
pub const FIFO_INT: Register = Register(0x68);
pub const TX_CFG: Register = Register(0x70);
pub const HW_CFG: Register = Register(0x74);
pub const RX_FIFO_INF: Register = Register(0x7c);
pub const TX_FIFO_INF: Register = Register(0x80);
const MAC_CSR_CMD: Register = Register(0xa4);
const MAC_CSR_DATA: Register = Register(0xa8);

pub const TX_FIRST: u32 = 1 << 13;
pub const TX_LAST: u32 = 1 << 12;
pub const RX_STATUS_ERROR: u32 = 1 << 15;
pub const IRQ_CFG_ON: u32 = 1 << 8;
pub const IRQ_CFG_ACTIVE_HIGH: u32 = 1 << 4;
pub const IRQ_CFG_PUSH_PULL: u32 = 1;
/// The PHY's interrupt, and that of an arrived frame.
pub const INTERRUPTS: u32 = 1 << 18 | 1 << 3;
pub const TX_CFG_FORGET_STATUS: u32 = 1 << 2;
pub const TX_CFG_ON: u32 = 1 << 1;
pub const HW_CFG_MUST_BE_ONE: u32 = 1 << 20;
pub const HW_CFG_SEND_5_KB: u32 = 5 << 16;
pub const RX_FIFO_INF_FRAMES: u32 = 0xff << 16;
pub const TX_FIFO_INF_FREE: u32 = 0xffff;
const MAC_CSR_CMD_BUSY: u32 = 1 << 31;
const MAC_CSR_CMD_READ: u32 = 1 << 30;

/// The registers of the MAC.
pub const MAC_CR: u32 = 1;
pub const MAC_ADDRH: u32 = 2;
pub const MAC_ADDRL: u32 = 3;
const MAC_MII_ACC: u32 = 6;
const MAC_MII_DATA: u32 = 7;

pub const MAC_CR_SEND: u32 = 1 << 3;
pub const MAC_CR_RECEIVE: u32 = 1 << 2;
const MAC_MII_ACC_PHY: u32 = 1 << 11;
const MAC_MII_ACC_WRITE: u32 = 1 << 1;
const MAC_MII_ACC_BUSY: u32 = 1;

/// The registers of the PHY.
pub const PHY_STATUS: u32 = 1;
pub const PHY_SOURCE: u32 = 29;
pub const PHY_MASK: u32 = 30;

pub const PHY_STATUS_LINK: u32 = 1 << 2;
pub const PHY_NEGOTIATED: u32 = 1 << 6;
pub const PHY_LINK_DOWN: u32 = 1 << 4;

/// The MAC is ready at once, the PHY within some 30 µs.
const PATIENCE: u32 = 10_000;

pub struct Register(usize);

impl Register {
    pub fn read(&self) -> u32 {
        // SAFETY: a register of the chip; nothing in memory changes with it.
        unsafe { ((BASE + self.0) as *const u32).read_volatile() }
    }

    pub fn write(&self, value: u32) {
        // SAFETY: as above.
        unsafe { ((BASE + self.0) as *mut u32).write_volatile(value) }
    }
}

pub fn read_mac(register: u32) -> u32 {
    MAC_CSR_CMD.write(MAC_CSR_CMD_BUSY | MAC_CSR_CMD_READ | register);
    wait_while(|| MAC_CSR_CMD.read() & MAC_CSR_CMD_BUSY != 0);
    MAC_CSR_DATA.read()
}

pub fn write_mac(register: u32, value: u32) {
    MAC_CSR_DATA.write(value);
    MAC_CSR_CMD.write(MAC_CSR_CMD_BUSY | register);
    wait_while(|| MAC_CSR_CMD.read() & MAC_CSR_CMD_BUSY != 0);
}

pub fn read_phy(register: u32) -> u32 {
    ask_phy(register, 0);
    read_mac(MAC_MII_DATA)
}

pub fn write_phy(register: u32, value: u32) {
    write_mac(MAC_MII_DATA, value);
    ask_phy(register, MAC_MII_ACC_WRITE);
}

fn ask_phy(register: u32, direction: u32) {
    write_mac(MAC_MII_ACC, MAC_MII_ACC_PHY | register << 6 | direction | MAC_MII_ACC_BUSY);
    wait_while(|| read_mac(MAC_MII_ACC) & MAC_MII_ACC_BUSY != 0);
}

fn wait_while(busy: impl Fn() -> bool) {
    for _ in 0..PATIENCE {
        if !busy() {
            break;
        }
    }
}
