"""Record → Packet: filled, converted, proved, assembled; and the blank forms."""
