//! The part of a board's package that differs in numbers and names only.

/// Defines `start` and the table of interrupts of a board: that of its Ethernet, and others with lower numbers.
///
/// A macro, as a task of embassy cannot be generic over the driver.
#[macro_export]
macro_rules! board {
    (
        core_hz: $core_hz:expr,
        ethernet: $ethernet:ty,
        interrupt: $number:literal => $handler:path,
        $(also: $other:literal => $other_handler:path,)*
    ) => {
        /// Starts the clock and the network, whose address does not change. Called once.
        pub fn start(spawner: ::embassy_executor::Spawner) -> ::embassy_net::Stack<'static> {
            let ethernet = <$ethernet>::new().expect("`start` is called once");
            $crate::start_clock($core_hz);
            // SAFETY: no critical section depends on its being masked.
            unsafe { ::cortex_m::peripheral::NVIC::unmask(Interrupt::Ethernet) };
            network(spawner, ethernet)
        }

        $crate::network!($ethernet);

        #[derive(Clone, Copy)]
        enum Interrupt {
            Ethernet = $number,
        }

        // SAFETY: the number is the interrupt's index in the table below.
        unsafe impl ::cortex_m::interrupt::InterruptNumber for Interrupt {
            fn number(self) -> u16 {
                self as u16
            }
        }

        type Handler = unsafe extern "C" fn();

        #[unsafe(link_section = ".vector_table.interrupts")]
        #[unsafe(no_mangle)]
        static __INTERRUPTS: [Option<Handler>; Interrupt::Ethernet as usize + 1] = {
            let mut table: [Option<Handler>; _] = [None; Interrupt::Ethernet as usize + 1];
            table[Interrupt::Ethernet as usize] = Some($handler);
            $(table[$other] = Some($other_handler);)*
            table
        };
    };
}
