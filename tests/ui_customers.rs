//! The table of customers and the card of one of them: searched, read, sorted, filtered, selected, copied. Widgets are
//! found by what a person or a screen reader finds.

#[path = "common/window.rs"]
mod window;

use std::cell::RefCell;

use egui::accesskit::Role;
use egui::{Key, Modifiers, OutputCommand};
use egui_kittest::kittest::{NodeT, Queryable};
use quintile::app::{Command, ExploreTab, Panel};
use quintile::format;
use window::*;

/// The customers of the sample shop.
fn open_table() -> Test {
    let mut test = open_sample([1280.0, 2200.0]);
    press(&mut test, Command::FindCustomer);
    assert_eq!(window(&test).app.view.panel, Panel::Explore);
    assert_eq!(window(&test).app.view.explore.tab, ExploreTab::Customers);
    wait_for(&mut test, "customers shown");
    test
}

/// Copies the selected rows; the text comes in one frame, a little later.
fn copy(test: &mut Test) -> String {
    control(test, "Copy the selected rows").expect("rows are selected").click();
    let copied = RefCell::new(None);
    wait(test, "the rows to be copied", |t| {
        let text = |c: &OutputCommand| if let OutputCommand::CopyText(text) = c { Some(text.clone()) } else { None };
        *copied.borrow_mut() = t.output().platform_output.commands.iter().find_map(text);
        copied.borrow().is_some()
    });
    copied.take().expect("waited for")
}

#[test]
fn a_customer_is_searched_and_the_card_says_why_they_are_where_they_are() {
    let mut test = open_table();
    let found = findings(&test);
    let (rfm, place) = (&found.rfm, 1234);
    let id = rfm.customers.ids[place].clone();
    fill(&mut test, "Find a customer id", &id);
    test.key_press(Key::Enter);
    let (r, f) = (rfm.scores[0].scores[place], rfm.scores[1].scores[place]);
    let segment = &rfm.map.segments[rfm.segment[place] as usize].name;
    let rule = format!("R {r} and F {f} → {segment}");
    wait_for(&mut test, &rule);
    assert!(says(&test, &format!("Customer {id}")));
    assert!(says(&test, &format!("Recency score {r} of 5")));
    assert_eq!(selected(&test), [place as u32], "the customer is selected as well");
    // The lines of the latest order are folded until somebody asks.
    let order = test
        .query_all_by_role(Role::Button)
        .find_map(|n| n.accesskit_node().label().filter(|l| l.starts_with("Order ") && l.contains(" of 20")));
    let order = order.expect("an order is listed");
    assert!(window(&test).app.view.customers.open_order.is_none());
    control(&test, &order).expect("it can be opened").click_accesskit();
    test.run_steps(4);
    assert!(window(&test).app.view.customers.open_order.is_some());
    click(&mut test, "Close the card");
    assert!(!says(&test, &rule));

    // From anywhere else the card opens by command.
    press(&mut test, Command::Go(Panel::Segments));
    press(&mut test, Command::ShowCustomer);
    wait_for(&mut test, &rule);
    assert_eq!(window(&test).app.view.panel, Panel::Explore);
}

#[test]
fn the_table_is_sorted_filtered_selected_and_copied() {
    let mut test = open_table();
    let found = findings(&test);
    let rfm = &found.rfm;
    // Those who spent most stand first until somebody sorts otherwise.
    let spent = rfm.customers.monetary();
    let by_spend = |most: bool| {
        let places = 0..spent.len();
        let better = |a: &usize, b: &usize| spent[*a].total_cmp(&spent[*b]).then(b.cmp(a));
        let worse = |a: &usize, b: &usize| spent[*a].total_cmp(&spent[*b]).then(a.cmp(b));
        if most { places.max_by(better) } else { places.min_by(worse) }
    };
    let first = |most| rfm.customers.ids[by_spend(most).unwrap()].clone();
    assert!(test.query_by_label(&first(true)).is_some());
    assert!(test.query_by_label(&first(false)).is_none());
    click(&mut test, "Sort by Monetary");
    wait(&mut test, "the other order", |t| t.query_by_label(&first(false)).is_some());
    assert!(test.query_by_label(&first(true)).is_none());

    // A filter by segment, picked from those there are with their counts.
    let wanted = rfm.map.segments.iter().position(|s| s.name == "Champions").unwrap() as u8;
    let expected: Vec<u32> = (0..rfm.segment.len() as u32).filter(|&c| rfm.segment[c as usize] == wanted).collect();
    assert!(!expected.is_empty());
    click(&mut test, "Filter");
    click(&mut test, "Filter by RFM segment");
    click(&mut test, "Champions");
    let counts = format!("{} of {} customers shown", format::count(expected.len()), format::count(spent.len()));
    wait_for(&mut test, &counts);
    key(&mut test, Key::Escape);
    assert!(says(&test, "RFM segment: Champions"), "the chip");

    // Everybody left is selected, and copied as rows for a spreadsheet.
    click(&mut test, "Select all customers shown");
    assert_eq!(selected(&test), expected);
    assert_eq!(window(&test).app.selection.from, "RFM segment Champions");
    assert!(control(&test, "Export what is shown as CSV…").is_some());
    let copied = copy(&mut test);
    assert_eq!(copied.lines().count(), expected.len() + 1);
    assert!(copied.starts_with("Customer\tRecency\t"), "{}", copied.lines().next().unwrap_or(""));
    assert!(copied.lines().skip(1).all(|l| l.contains("\tChampions")));

    // Rows: one by a click, a range with Shift, one less with Ctrl.
    click(&mut test, "Select all customers shown");
    let ids: Vec<String> = copied.lines().skip(1).take(5).map(|l| l.split('\t').next().unwrap().into()).collect();
    test.get_by_label(&ids[0]).click();
    test.run_steps(3);
    assert_eq!(selected(&test).len(), 1);
    test.get_by_label(&ids[4]).click_modifiers(Modifiers::SHIFT);
    test.run_steps(3);
    assert_eq!(selected(&test).len(), 5);
    test.get_by_label(&ids[2]).click_modifiers(Modifiers::COMMAND);
    test.run_steps(3);
    assert_eq!(selected(&test).len(), 4);
    click(&mut test, "Selected only");
    wait(&mut test, "the selected ones", |t| says(t, &format!("4 of {} customers shown", format::count(spent.len()))));
    assert!(test.query_by_label(&ids[2]).is_none());
}

#[test]
fn columns_are_chosen_and_moved_and_an_empty_table_says_why() {
    let mut test = open_table();
    click(&mut test, "Columns");
    click(&mut test, "Frequency");
    assert!(control(&test, "Sort by Frequency").is_none());
    click(&mut test, "Move up: Monetary");
    let columns = window(&test).app.view.customers.columns.clone().unwrap();
    let sheet = quintile::explore::customers::CustomerSheet { rfm: findings(&test).rfm.clone(), clusters: None };
    let labels: Vec<String> = columns.iter().map(|c| c.label(&sheet)).take(3).collect();
    assert_eq!(labels, ["Customer", "Monetary", "Recency"]);
    click(&mut test, "Reset");
    assert!(window(&test).app.view.customers.columns.is_none());
    key(&mut test, Key::Escape);
    fill(&mut test, "Find a customer id", "nobody has this id");
    wait_for(&mut test, "No customer meets all conditions");
    click(&mut test, "Show all customers");
    wait(&mut test, "the rows", |t| says(t, "customers shown") && !says(t, "No customer"));
}
