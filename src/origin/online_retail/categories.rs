//! Which category an item of a gift shop belongs to, by the words of its description.
//! The categories' names are in the retail pack.

/// Seasons: one of their words anywhere decides.
const SEASONS: [(&str, &str); 2] = [
    (
        "CHRISTMAS",
        "advent bauble baubles christmas nativity reindeer santa snowflake snowman snowy stocking tinsel \
         wreath xmas",
    ),
    ("EASTER", "bunny chick easter egg eggs hen rabbit"),
];

/// Kinds of things: the last word of a description that is in a list decides, since it is usually the head of the phrase.
const THINGS: [(&str, &str); 11] = [
    (
        "BAGS",
        "backpack bag bags case handbag handbags purse purses rucksack satchel shopper suitcase tote wallet \
         washbag",
    ),
    (
        "KITCHEN",
        "apron baking beaker beakers bottle bottles bowl bowls bread breadbin bucket butter cabinet caddy \
         cakestand canister chopping coaster coasters coffee colander cookie cosy cup cups cutlery dish \
         dispenser flask fork glass glasses gloves goblet grater infuser jar jars jug kettle kitchen knife \
         lunch milk mill mould moulds mug mugs napkin napkins oven pan pantry pepper placemat placemats plate \
         plates rack recipe salt saucer scales scoop sieve spoon spoons stand straws tablecloth tea teapot \
         teaspoons timer tin tins toaster tongs towel towels tray trays tumbler whisk",
    ),
    (
        "PARTY",
        "balloon balloons banner birthday bunting cake cakes candy cases confetti cupcake doilies doily \
         invites lolly paperchain party picks streamer",
    ),
    (
        "LIGHTING",
        "bulb burner candle candleholder candles candlestick chandelier holder incense lamp lampshade lantern \
         lanterns light lights nightlight oil tlight tlights torch warmer wick",
    ),
    (
        "DECORATION",
        "angel bell bells bird birds butterflies butterfly cherub cherubs chime decoration decorations \
         feather figure figurine flower flowers garland hanging heart hearts letter letters mobile ornament \
         ornaments rose star stars tree",
    ),
    (
        "HOME",
        "art ashtray basket baskets bath bathroom bin blackboard blanket board box boxes chair chalkboard \
         chest clock cover covers curtain cushion cushions doormat doorstop drawer drawers frame frames \
         hanger hangers hook hooks key knob knobs ladder letterbox magnet magnets memoboard mirror \
         noticeboard organiser picture plaque quilt rug screen shelf sign signs soap stool stop storage table \
         thermometer throw tidy tile tiles vase wall",
    ),
    (
        "STATIONERY",
        "album book bookmark books calculator card cards chalk chalks diary envelope envelopes eraser erasers \
         journal notebook notebooks notes paper passport pen pencil pencils pens planner postcard postcards \
         ribbon ribbons ruler rulers sellotape sharpener sharpeners sketchbook stamp stamps stationery \
         sticker stickers string tag tags tape tissue tissues wrap",
    ),
    (
        "JEWELLERY",
        "anklet bangle bead beads bobbles bracelet brooch charm choker crystal cuff diamante earring earrings \
         grip grips hair hairclip hairclips hairslide headband jewelled lariat necklace pendant pin ring \
         rings slide tiara trinket watch",
    ),
    (
        "TOYS",
        "aeroplane animals bank bingo blocks boy building cars circus cowboy craft crochet doll dolls domino \
         dominoes duck ducks fairy farm felt game games girl glider harmonica helicopter jack jacks jigsaw \
         kit knitting ludo magic marbles money parade playhouse puppet puppets puzzle puzzles quoits robot \
         rocket rope sandcastle sewing skipping skittles snap soldiers spinning tattoos teddy toy toys train \
         trumpet ukulele whistle windmill windmills yoyo",
    ),
    (
        "GARDEN",
        "basil birdhouse dovecote feeder flowerpot garden hammock herb hose house kneeling parasol pebble \
         picnic plant planter plants pot pots rake seeds shed spade sprayer trellis trowel umbrella umbrellas \
         watering waterproof wheelbarrow",
    ),
    (
        "COMFORT",
        "balm bandage bubble cap eye flip flops hat heat hot hottie lip luggage mask pack pashmina plasters \
         poncho rain sarong scarf shoes slippers socks sunglasses travel warmers wash water",
    ),
];

/// What is in no list.
const OTHER: &str = "OTHER";

/// Returns the id of the category that a description tells.
pub(super) fn category_of(description: &str) -> &'static str {
    let description = description.to_lowercase();
    let words: Vec<&str> = description.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let season = words.iter().find_map(|word| find(&SEASONS, word));
    season.or_else(|| words.iter().rev().find_map(|word| find(&THINGS, word))).unwrap_or(OTHER)
}

fn find(lists: &[(&'static str, &str)], word: &str) -> Option<&'static str> {
    lists.iter().find(|(_, words)| words.split(' ').any(|known| known == word)).map(|(category, _)| *category)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_head_of_a_description_decides_unless_it_is_seasonal() {
        for (description, category) in [
            ("WHITE HANGING HEART T-LIGHT HOLDER", "LIGHTING"),
            ("JUMBO BAG RED RETROSPOT", "BAGS"),
            ("PACK OF 72 RETROSPOT CAKE CASES", "PARTY"),
            ("PAPER CHAIN KIT 50'S CHRISTMAS", "CHRISTMAS"),
            ("REGENCY CAKESTAND 3 TIER", "KITCHEN"),
            ("HOT WATER BOTTLE KEEP CALM", "KITCHEN"),
            ("SOMETHING ELSE", "OTHER"),
        ] {
            assert_eq!(category_of(description), category, "{description}");
        }
    }

    #[test]
    fn every_word_stands_in_one_list() {
        let mut seen = BTreeSet::new();
        for word in SEASONS.iter().chain(&THINGS).flat_map(|(_, words)| words.split(' ')) {
            assert!(seen.insert(word) && !word.is_empty(), "{word:?}");
        }
    }
}
